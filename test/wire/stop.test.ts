import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";
import { nodes } from "./nodes.js";

/** Each prints "begun" when it is busy; without a stop none would end. */
const busyCells: { name: string; code: string }[] = JSON.parse(
  readFileSync(join(dirname(fileURLToPath(import.meta.url)), "busy-cells.json"), "utf8"),
);

const hows = ["message", "SIGINT"] as const;
const everywhere = nodes.flatMap(([version, node]) => hows.map((how) => ({ how, version, node })));

describe.each(everywhere)("Stop by $how on Node $version", ({ how, node }) => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await TestKernel.start({ node });
    await kernel.run("let caught = false; const kept = { value: 42 };");
  });
  afterAll(() => kernel.stop());

  it.each(busyCells)("ends $name and keeps the state", async ({ code }) => {
    const { done } = await kernel.begin(code, "begun");
    if (how === "message") await kernel.interrupt();
    else kernel.launched.process.kill("SIGINT");
    const { reply, errors } = await done;
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(errors).toHaveLength(1);
    expect((await kernel.run("[kept.value, caught]")).result).toBe("[ 42, false ]");
  });

  it("leaves a function that was defined before usable", async () => {
    await kernel.run("async function later(x: number) { await null; return x + 1 }");
    const { done } = await kernel.begin('console.log("begun"); await new Promise(() => {})', "begun");
    if (how === "message") await kernel.interrupt();
    else kernel.launched.process.kill("SIGINT");
    await done;
    expect((await kernel.run("await later(1)")).result).toBe("2");
  });
});

describe("Stop", () => {
  it("of an idle kernel does not hit the next cell", async () => {
    const kernel = await TestKernel.start();
    await kernel.run("1");
    for (let round = 0; round < 20; round++) {
      await kernel.interrupt();
      const { reply } = await kernel.run("let s = 0; for (let i = 0; i < 1e5; i++) s += i; s");
      expect(reply.status).toBe("ok");
    }
    await kernel.stop();
  });
});

describe("Stops in the first moments of a kernel", () => {
  it("leave the helpers whole, although these just load", async () => {
    const kernels = await Promise.all(Array.from({ length: 3 }, () => TestKernel.start()));
    await Promise.all(
      kernels.map(async (kernel) => {
        const first = kernel.run("typeof mlp");
        for (let i = 0; i < 5; i++) await kernel.interrupt();
        await first;
        expect((await kernel.run("typeof mlp")).result).toBe("'function'");
        await kernel.stop();
      }),
    );
  });
});

describe.each(nodes)("a flood of stops on Node %s", (_, node) => {
  it("loses no cell, whenever they come, and not the process", async () => {
    const kernel = await TestKernel.start({ node });
    const pid = (await kernel.run("const kept = 42; process.pid")).result;
    let isOver = false;
    const flood = (async () => {
      for (; !isOver; await new Promise((next) => setTimeout(next, Math.random() * 4))) await kernel.interrupt();
    })();
    for (let i = 0; i < 300; i++) {
      const { reply } = await kernel.run(i % 3 === 0 ? "for (let i = 0; i < 1e6; i++); await null; 1" : "1 + 1");
      expect(reply.status === "error" ? reply.ename : "ok").toMatch(/^(ok|Interrupted)$/);
    }
    isOver = true;
    await flood;
    expect((await kernel.run("[kept, process.pid]")).result).toBe(`[ 42, ${pid} ]`);
    await kernel.stop();
  });
});

describe("a Stop while the helpers load", () => {
  it.each([300, 350, 400, 450])("ends a loop that was sent %d ms after the kernel's first cell", async (pauseMs) => {
    const kernel = await TestKernel.start();
    await kernel.run("1");
    await delay(pauseMs); // the helpers load when the kernel has been idle for 300 ms, and keep it busy for a while
    const { done } = await kernel.begin("while (true) {}");
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect((await kernel.run("typeof mlp")).result).toBe("'function'");
    await kernel.stop();
  });
});

describe("a second Stop", () => {
  it("ends native code that does not react to the first, says so, and the next cell runs", async () => {
    const kernel = await TestKernel.start();
    let hinted: () => void = () => {};
    const hint = new Promise<void>((resolve) => {
      hinted = resolve;
    });
    kernel.client.onIopub = ({ content }) => {
      const { text = "" } = content as { text?: string };
      if (text.includes("Press Stop again")) hinted();
    };
    const { done } = await kernel.begin(
      `import { execSync } from "node:child_process"; console.log("begun"); execSync("trap '' INT; sleep 60")`,
      "begun",
    );
    await kernel.interrupt();
    await hint;
    await kernel.interrupt();
    expect((await done).errors[0]).toMatchObject({ ename: "ProcessEnded" });
    expect((await done).errors[0]!.evalue).toContain("The second Stop ended the process");
    expect((await kernel.run("1 + 1")).result).toBe("2");
    await kernel.stop();
  });
});

describe("Stop while fit trains", () => {
  it("hands back the run and a model that predicts, and the next cell trains it again", async () => {
    const kernel = await TestKernel.start();
    await kernel.run(
      "const x = Array.from({ length: 64 }, (_, i) => [i / 64, 1 - i / 64]); const y = x.map(([a]) => (a! > 0.5 ? 1 : 0)); const model = mlp({ inputs: 2, outputs: 2 });",
    );
    const fitting = (epochs: number) =>
      `const run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: ${epochs}, callbacks: [{ onEpochEnd: () => console.log("begun") }] });`;
    const { done } = await kernel.begin(fitting(1_000_000), "begun");
    await kernel.interrupt();
    expect((await done).reply.status).toBe("ok");
    const { result } = await kernel.run(
      "[run.status, (await predict(run.model, x)).nRows, run.history.rows.length > 0]",
    );
    expect(result).toBe("[ 'interrupted', 64, true ]");
    await kernel.run(fitting(2));
    expect((await kernel.run("run.status")).result).toBe("'completed'");
    await kernel.stop();
  });

  it("does not start the next training of the same cell", async () => {
    const kernel = await TestKernel.start();
    await kernel.run("const x = [[0, 1], [1, 0]]; const y = [0, 1]; const model = mlp({ inputs: 2, outputs: 2 });");
    const { done } = await kernel.begin(
      'let trained = 0; for (;;) { await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 1e6, callbacks: [{ onEpochEnd: () => console.log("begun") }] }); trained++; }',
      "begun",
    );
    await kernel.interrupt();
    expect((await done).errors[0]?.ename).toBe("Interrupted");
    expect((await kernel.run("trained")).result).toBe("1");
    await kernel.stop();
  });
});
