import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(() => kernel.stop());

describe("a cell", () => {
  it("sends busy, its input, its outputs in order, and idle last", async () => {
    const { types } = await kernel.run('console.log("a"); display(1); console.error("b"); 2');
    expect(types).toEqual(["status", "execute_input", "stream", "display_data", "stream", "execute_result", "status"]);
  });

  it("shows its last value as Node's inspector prints it", async () => {
    const { result } = await kernel.run('({ a: [1, 2], s: "x", m: new Map([[1, { b: 2n }]]) })');
    expect(result).toBe("{ a: [ 1, 2 ], s: 'x', m: Map(1) { 1 => { b: 2n } } }");
  });

  it("has no result when its last value is undefined", async () => {
    expect((await kernel.run("undefined")).types).not.toContain("execute_result");
  });

  it("counts up, and only when it is stored", async () => {
    const first = (await kernel.run("1")).reply.execution_count;
    await kernel.run("1", { silent: true });
    await kernel.run("1", { store_history: false });
    expect((await kernel.run("1")).reply.execution_count).toBe(first + 1);
  });

  it("sends nothing but its states when it is silent", async () => {
    const { types, reply } = await kernel.run('console.log("x"); display(1); 2', { silent: true });
    expect(types).toEqual(["status", "status"]);
    expect(reply.status).toBe("ok");
  });

  it("evaluates user expressions after it, an error of one apart from the others", async () => {
    const { reply } = await kernel.run("const width = 3", { user_expressions: { good: "width * 2", bad: "nope.x" } });
    expect(reply).toMatchObject({
      status: "ok",
      user_expressions: {
        good: { status: "ok", data: { "text/plain": "6" } },
        bad: { status: "error", ename: "ReferenceError" },
      },
    });
  });

  it("delivers 20,000 printed lines before idle, in few messages", async () => {
    const { stdout, types } = await kernel.run('for (let i = 0; i < 20000; i++) console.log("line", i)');
    expect(stdout.split("\n")).toHaveLength(20001);
    expect(stdout.endsWith("line 19999\n")).toBe(true);
    expect(types.length).toBeLessThan(100);
  });

  it("catches what child processes and native code write", async () => {
    const { stdout, stderr } = await kernel.run(
      'import { execSync } from "node:child_process"; execSync("echo out; echo err >&2", { stdio: "inherit" });',
    );
    expect(stdout).toBe("out\n");
    expect(stderr).toBe("err\n");
  });

  it("delivers lone surrogates and NUL", async () => {
    const { stdout } = await kernel.run('console.log("a\\ud800b\\0c")');
    expect(stdout).toBe("a\ufffdb\0c\n");
  });

  it("prints console.table as a table", async () => {
    const { stdout } = await kernel.run("console.table([{ a: 1, b: 2 }])");
    expect(stdout).toMatch(/│ \(index\) │ a │ b │/);
  });
});

describe("import.meta", () => {
  it("is that of a module where the notebook stands, if the front end says where that is", async () => {
    const started = await TestKernel.start({ env: { JPY_SESSION_NAME: "/some/where/a b.ipynb" } });
    const { result } = await started.run("[import.meta.url, import.meta.filename, import.meta.dirname]");
    expect(result).toContain("'file:///some/where/a%20b.ipynb'");
    expect(result).toContain("'/some/where/a b.ipynb'");
    expect(result).toContain(started.folder);
    await started.stop();
  });
});

describe("a thousand cells sent at once", () => {
  it("run in order, and each has its own output before its idle", async () => {
    const first = (await kernel.run("let order = 0; 0")).reply.execution_count;
    const runs = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => kernel.run(`console.log("cell", ${i}); order++`)),
    );
    runs.forEach(({ reply, stdout, result, types }, i) => {
      expect({ count: reply.execution_count, stdout, result }).toEqual({
        count: first + 1 + i,
        stdout: `cell ${i}\n`,
        result: String(i),
      });
      expect(types.at(-1)).toBe("status");
    });
  });
});

describe("an error", () => {
  it("is one output and in the reply, and the session goes on", async () => {
    const { errors, reply } = await kernel.run('const kept = 5; throw new RangeError("too far")');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ ename: "RangeError", evalue: "too far" });
    expect(reply).toMatchObject({ status: "error", ename: "RangeError", traceback: errors[0]!.traceback });
    expect((await kernel.run("kept")).result).toBe("5");
  });

  it("names line and column of the user's text, across cells", async () => {
    const fails = "function fails(n: number): never {\n  const text: string = `x`;\n    throw new Error(text + n);\n}";
    const defined = (await kernel.run(fails)).reply.execution_count;
    const { errors, reply } = await kernel.run("interface Unused { a: number }\n\n  fails(1)");
    const trace = errors[0]!.traceback.join("\n");
    expect(trace).toContain(`Cell[${defined}]:3:11`);
    expect(trace).toContain(`Cell[${reply.execution_count}]:3:3`);
    expect(trace).not.toMatch(/node:|dist\/kernel/);
  });

  it("aborts the execute requests that were sent with it, and no other request", async () => {
    const burst = [
      kernel.run("throw new Error('first')"),
      ...Array.from({ length: 50 }, () => kernel.run("globalThis.ran = true")),
    ];
    const info = kernel.client.request<{ status: string }>("kernel_info_request", {});
    const statuses = (await Promise.all(burst)).map(({ reply }) => reply.status);
    expect(statuses).toEqual(["error", ...Array.from({ length: 50 }, () => "aborted")]);
    expect((await info).reply.content.status).toBe("ok");
    expect((await kernel.run("globalThis.ran")).reply.status).toBe("ok");
    expect((await kernel.run("globalThis.ran")).result).toBeUndefined();
  });

  it("lets the queue go on when stop_on_error is false", async () => {
    const first = kernel.run("throw new Error('first')", { stop_on_error: false });
    const second = kernel.run("'went on'");
    expect((await first).reply.status).toBe("error");
    expect((await second).result).toBe("'went on'");
  });

  it("in an unparsable cell says where, and changes nothing", async () => {
    const { errors } = await kernel.run("const a1 = 1;\nconst b1 = ;");
    expect(errors[0]!.ename).toBe("SyntaxError");
    expect(errors[0]!.traceback.join("\n")).toContain("2 | const b1 = ;");
    expect((await kernel.run("typeof a1")).result).toBe("'undefined'");
  });

  it("of an unknown package names the command that installs it", async () => {
    const { errors } = await kernel.run('import { x } from "@nobody/no-such-package/sub"');
    expect(errors[0]!.evalue).toContain("%install @nobody/no-such-package");
    expect((await kernel.run("1")).result).toBe("1");
  });

  it("from a timer or an unhandled rejection is shown, and the kernel lives", async () => {
    const timer = await kernel.run(
      'setTimeout(() => { throw new Error("in a timer") }, 0); await new Promise((r) => setTimeout(r, 50))',
    );
    expect(timer.errors[0]).toMatchObject({ ename: "Error", evalue: "in a timer" });
    const rejection = await kernel.run(
      'void Promise.reject(new TypeError("nobody")); await new Promise((r) => setTimeout(r, 50))',
    );
    expect(rejection.errors[0]).toMatchObject({ ename: "TypeError", evalue: "nobody" });
    expect(rejection.reply.status).toBe("ok");
  });
});

describe("a display", () => {
  it("can be updated in place, also from a later cell", async () => {
    const { displays } = await kernel.run('const handle = display("one", { id: "spot" })');
    expect(displays[0]).toMatchObject({ data: { "text/plain": "'one'" }, transient: { display_id: "spot" } });
    const { outputs } = await kernel.run('handle.update("two")');
    const update = outputs.find(({ header }) => header.msg_type === "update_display_data");
    expect(update?.content).toMatchObject({ data: { "text/plain": "'two'" }, transient: { display_id: "spot" } });
  });

  it("updated many times sends few messages, the last one always", async () => {
    await kernel.run('const fast = display(0, { id: "fast" })');
    const { outputs } = await kernel.run("for (let i = 1; i <= 5000; i++) fast.update(i)");
    const updates = outputs.filter(({ header }) => header.msg_type === "update_display_data");
    expect(updates.length).toBeLessThan(100);
    expect(updates.at(-1)?.content).toMatchObject({ data: { "text/plain": "5000" } });
  });

  it("asks a value for its bundle through Jupyter.display, also when that takes time", async () => {
    const { result, outputs } = await kernel.run(
      'display({ async [Symbol.for("Jupyter.display")]() { await null; return { "text/html": "<b>x</b>", "text/plain": "x" }; } }); 1',
    );
    expect(result).toBe("1");
    const shown = outputs.find(({ header }) => header.msg_type === "display_data");
    expect(shown?.content).toMatchObject({ data: { "text/html": "<b>x</b>", "text/plain": "x" } });
  });

  it("is removed by clearOutput", async () => {
    const { outputs } = await kernel.run("clearOutput({ wait: true })");
    expect(outputs.find(({ header }) => header.msg_type === "clear_output")?.content).toEqual({ wait: true });
  });
});

describe("input", () => {
  it("asks the client that sent the cell and gives back the answer", async () => {
    const asked: [string, boolean][] = [];
    const { stdout } = await kernel.run(
      'console.log("hello", await input("Name? ")); console.log(await input("Word? ", { password: true }))',
      { allow_stdin: true },
      {
        onInput: (prompt, password) => {
          asked.push([prompt, password]);
          return "Ada";
        },
      },
    );
    expect(asked).toEqual([
      ["Name? ", false],
      ["Word? ", true],
    ]);
    expect(stdout).toBe("hello Ada\nAda\n");
  });

  it("is refused with a sentence when the client cannot be asked", async () => {
    const { errors } = await kernel.run('await input("Name? ")', { allow_stdin: false });
    expect(errors[0]!.evalue).toContain("cannot be asked");
  });
});
