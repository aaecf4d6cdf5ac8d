import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { serversIn } from "../language/session.js";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
afterEach(() => kernel.stop());

async function complete(code: string): Promise<{ matches: string[]; types: string[] }> {
  const { reply } = await kernel.client.request<{
    matches: string[];
    metadata: { _jupyter_types_experimental: { type: string }[] };
  }>("complete_request", { code, cursor_pos: code.length });
  const { matches, metadata } = reply.content;
  return { matches, types: metadata._jupyter_types_experimental.map(({ type }) => type) };
}

async function inspect(code: string): Promise<string | undefined> {
  const { reply } = await kernel.client.request<{ data: Record<string, string> }>("inspect_request", {
    code,
    cursor_pos: code.length,
  });
  return reply.content.data["text/plain"];
}

describe("while TypeScript is away and a cell keeps the program busy", () => {
  it("names are completed and explained at once, and typed again a moment later", async () => {
    kernel = await TestKernel.start();
    await kernel.run("%check strict\nconst measured = { height: 1 };\nfunction measure() {}\nlet meadow = 2");
    const { done } = await kernel.begin('console.log("begun"); while (true) {}', "begun");
    const [server] = await serversIn(kernel.folder);
    process.kill(server!, "SIGKILL");
    expect(await complete("meas")).toEqual({ matches: ["measure", "measured"], types: ["function", "variable"] });
    expect((await complete("StandardSc")).matches).toContain("StandardScaler");
    expect((await complete("parseI")).matches).toEqual(["parseInt"]);
    expect(await inspect("measure")).toMatch("function measure");
    let typed = await complete("measured.");
    while (typed.matches.length === 0) typed = await complete("measured.");
    expect(typed.matches).toEqual(["height"]);
    expect(await inspect("meadow")).toBe("let meadow: number");
    await kernel.interrupt();
    await done;
    expect((await kernel.run("%check strict\nmeasured.width")).errors[0]!.ename).toBe("TS2339");
  });

  it("names are completed from the first moment of a kernel on", async () => {
    kernel = await TestKernel.start();
    const { done } = await kernel.begin('const early = 1; console.log("begun"); while (true) {}', "begun");
    const { matches } = await complete("ear");
    expect(matches).toEqual(["early"]);
    await kernel.interrupt();
    await done;
  });
});

/** Until the kernel has taken note of its end: a process that is over stays until then, without a command line. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a TypeScript that ends again and again", () => {
  it("is told of once, in the next cell, and cells go on running", async () => {
    kernel = await TestKernel.start();
    await kernel.run("%check strict\nconst before = 1");
    await kernel.run("%check warn");
    const { done } = await kernel.begin('console.log("begun"); await new Promise(() => {})', "begun");
    // As often as it is started again; the last wait before that is 15 s.
    for (let ends = 0; ends < 6; ends++) {
      let servers: number[] = [];
      for (; servers.length === 0; await delay(20)) servers = await serversIn(kernel.folder);
      process.kill(servers[0]!, "SIGKILL");
      while (isThere(servers[0]!)) await delay(20);
    }
    await kernel.interrupt();
    await done;
    const first = await kernel.run("const n: number = 'text'; before");
    expect(first.result).toBe("1");
    expect(first.stderr).toBe(
      "There are no types: TypeScript ended 6 times, last with signal SIGKILL. Restart the kernel.\n",
    );
    const second = await kernel.run("%check strict\nbefore + 1");
    expect([second.result, second.stderr]).toEqual(["2", ""]);
    expect((await complete("befo")).matches).toEqual(["before"]);
  }, 120_000);
});
