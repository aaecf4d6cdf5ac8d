import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Message } from "../../kernel/protocol/message.js";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
/** Long outputs leave files here. */
let temporary: string;
beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), "etude-test-"));
  kernel = await TestKernel.start({ env: { TMPDIR: temporary } });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(temporary, { recursive: true });
});

/** The most that jupyter_server would count in 3 s, by when the kernel sent it: messages, and bytes of streams. */
function most(outputs: readonly Message<never>[]): { readonly messages: number; readonly bytes: number } {
  const counted = outputs
    .filter(({ header }) => !["status", "execute_input"].includes(header.msg_type))
    .map(({ header, parent, content }) => {
      const size = Buffer.byteLength(JSON.stringify([header, parent, content]));
      return { at: Date.parse(header.date), bytes: header.msg_type === "stream" ? size : 0 };
    });
  const windows = counted.map(({ at }, first) => counted.slice(first).filter((other) => other.at < at + 3000));
  const bytes = windows.map((window) => window.reduce((sum, other) => sum + other.bytes, 0));
  return { messages: Math.max(...windows.map(({ length }) => length)), bytes: Math.max(...bytes) };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

describe("what a cell shows stays below the limits of jupyter_server", () => {
  it("3.3 MB of lines arrive whole, before idle", async () => {
    const { stdout, types, outputs } = await kernel.run('for (let i = 0; i < 280_000; i++) console.log("line", i)');
    expect(stdout).toBe(numbered(280_000));
    expect(types.at(-1)).toBe("status");
    expect(most(outputs).bytes).toBeLessThanOrEqual(2_500_000);
  });

  it("3000 displays arrive in order", async () => {
    const { displays, outputs, result } = await kernel.run("for (let i = 0; i < 3000; i++) display(i); 'after'");
    expect(displays.map(({ data }) => (data as Record<string, string>)["text/plain"])).toEqual(
      Array.from({ length: 3000 }, (_, i) => `${i}`),
    );
    expect(result).toBe("'after'");
    expect(most(outputs).messages).toBeLessThanOrEqual(2500);
  });

  it("late output counts as well", async () => {
    const outputs: Message<never>[] = [];
    let ended: () => void = () => {};
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    let text = "";
    kernel.client.onIopub = (message) => {
      if (message.header.msg_type !== "stream") return;
      outputs.push(message);
      text += (message.content as { text: string }).text;
      if (text.endsWith("end\n")) ended();
    };
    await kernel.run(
      'setTimeout(() => { for (let i = 0; i < 280_000; i++) console.log("line", i); console.log("end") }, 20); 0',
    );
    await end;
    kernel.client.onIopub = () => {};
    expect(text).toBe(`${numbered(280_000)}end\n`);
    expect(most(outputs).bytes).toBeLessThanOrEqual(2_500_000);
  });
});

describe("a cell that prints 100 MB", () => {
  it("at once shows head and tail, names the file that has all of it, and the next cell runs", async () => {
    const { stdout, reply } = await kernel.run(
      'let text = ""; for (let i = 0; i < 1e6; i++) text += String(i).padStart(99, ".") + "\\n"; console.log(text)',
    );
    expect(reply.status).toBe("ok");
    const path = /\.\.\. 9\d\.\d MB more; all 100\.0 MB are in (\S+), a temporary file \.\.\./.exec(stdout)?.[1];
    expect(path).toContain(`cell-${reply.execution_count}-output.txt`);
    const all = readFileSync(path!, "utf8");
    expect(all.length).toBe(100_000_001);
    const [head, tail] = stdout.split(/\n\.\.\. .* \.\.\.\n/);
    expect(all.startsWith(head!)).toBe(true);
    expect(all.endsWith(`\n${tail}`)).toBe(true);
    expect((await kernel.run("text.length")).result).toBe("100000000");
  });

  it("through a child process does so too", async () => {
    const { stdout, stderr, types } = await kernel.run(
      'import { execSync } from "node:child_process"; execSync("yes | head -c 100000000", { stdio: "inherit" }); console.error("last"); 1',
    );
    expect(stdout).toMatch(/; all 100\.0 MB are in/);
    // Where it takes longer than a second, it says so meanwhile.
    const note = /\n\.\.\. much text: what follows is in \S+, a temporary file \.\.\.\n/;
    expect(stderr.replace(note, "")).toBe("last\n");
    expect(types.at(-2)).toBe("execute_result");
  });

  it("has a file for each time", async () => {
    const first = await kernel.run('console.log("x".repeat(11e6))', { store_history: false });
    const second = await kernel.run('console.log("x".repeat(11e6))', { store_history: false });
    const paths = [first, second].map(({ stdout }) => /are in (\S+),/.exec(stdout)?.[1]);
    expect(paths.map((path) => readFileSync(path!).length)).toEqual([11_000_001, 11_000_001]);
    expect(paths[0]).not.toBe(paths[1]);
  });

  it("says so in one line when there is no place for the file", async () => {
    const poor = await TestKernel.start({ env: { TMPDIR: join(temporary, "missing") } });
    const { stdout, reply } = await poor.run('console.log("x".repeat(11e6)); "went on"');
    expect(stdout).toMatch(/MB more, and they could not be written to a file: ENOENT/);
    expect(reply.status).toBe("ok");
    await poor.stop();
  });
});

describe("Stop during a print storm", () => {
  it.each([
    ["short lines", 'console.log(n++, "one")'],
    ["long lines", 'console.log(n++, "x".repeat(100_000))'],
    ["buffers", 'process.stdout.write(Buffer.from(n++ + " " + "é".repeat(5000) + "\\n"))'],
  ])("of %s works each time, keeps the state, and what was printed is intact", async (_, printing) => {
    await kernel.run("let n = 0;");
    for (let round = 0; round < 20; round++) {
      const { done } = await kernel.begin(`n = 0; console.log("begun"); while (true) { ${printing} }`, "begun");
      await kernel.interrupt();
      const { reply, stdout } = await done;
      expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
      const [head] = stdout.split(/\n\.\.\. .* \.\.\.\n/);
      const lines = head!.split("\n").slice(1, -1);
      lines.forEach((line, i) => {
        if (!line.startsWith(`${i} `)) throw new Error(`line ${i} begins with ${line.slice(0, 20)}`);
      });
      const next = await kernel.run('console.log("next"); n >= 0');
      expect(next.stdout).toBe("next\n");
      expect(next.result).toBe("true");
    }
  });

  it("of displays ends the cell, with the displays before it", async () => {
    const { done } = await kernel.begin('console.log("begun"); for (let i = 0; ; i++) display(i)', "begun");
    await kernel.interrupt();
    const { reply, displays } = await done;
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    displays.forEach(({ data }, i) => {
      expect((data as Record<string, string>)["text/plain"]).toBe(`${i}`);
    });
  });
});

describe("what is printed", () => {
  it.each([
    ["a line of 1 MB", '"x".repeat(1e6)', "x".repeat(1e6)],
    ["NUL and ANSI", '"\\0\\u001b[31mred\\u001b[0m"', "\0\u001b[31mred\u001b[0m"],
    ["progress with carriage returns", '"1 %\\r2 %\\r3 %"', "1 %\r2 %\r3 %"],
    ["300,000 emoji", '"😀".repeat(300_000)', "😀".repeat(300_000)],
  ])("%s arrives as it is", async (_, expression, text) => {
    expect((await kernel.run(`console.log(${expression})`)).stdout).toBe(`${text}\n`);
  });

  it("in two halves of a character is one character", async () => {
    const { stdout } = await kernel.run(
      'process.stdout.write("\\ud83d"); await new Promise((r) => setTimeout(r, 120)); process.stdout.write("\\ude00\\n")',
    );
    expect(stdout).toBe("😀\n");
  });

  it("in another encoding is decoded", async () => {
    const { stdout } = await kernel.run(
      'process.stdout.write("w6kK", "base64"); process.stdout.write("c3a9", "hex"); 0',
    );
    expect(stdout).toBe("é\né");
  });

  it("calls back when it is written, and a stream can be piped to it", async () => {
    const { stdout } = await kernel.run(
      'import { Readable } from "node:stream"; await new Promise<void>((r) => process.stdout.write("a", () => r())); Readable.from(["b", "c"]).pipe(process.stdout); await new Promise((r) => setImmediate(() => setImmediate(r))); console.log("d")',
    );
    expect(stdout).toBe("abcd\n");
  });

  it("right before a crash is shown", async () => {
    const { stdout } = await kernel.run(
      'for (let i = 0; i < 20_000; i++) console.log("line", i); process.kill(process.pid, "SIGSEGV"); while (true) {}',
    );
    expect(stdout).toBe(numbered(20_000));
  });

  it("comes before the question that follows it", async () => {
    const { stdout, outputs } = await kernel.run(
      'for (let i = 0; i < 250_000; i++) console.log("line", i); await input("go on?")',
      { allow_stdin: true },
      { onInput: () => "yes" },
    );
    expect(stdout).toBe(numbered(250_000));
    expect(outputs.at(-2)?.content).toMatchObject({ data: { "text/plain": "'yes'" } });
  });
});
