import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
  // Strict waits for TypeScript, which starts a moment after the kernel.
  await kernel.run("%check strict\nconst ready: boolean = true");
});
afterAll(() => kernel.stop());

describe("a cell with a type error", () => {
  it("runs under `warn`, and is told beside its result what TypeScript says, with the line", async () => {
    const { result, stderr, reply } = await kernel.run('%check warn\nconst n: number = "text";\nn + 1');
    expect(result).toBe("'text1'");
    expect(reply.status).toBe("ok");
    expect(stderr).toContain("Type 'string' is not assignable to type 'number'.");
    expect(stderr).toMatch(/2 \| .*const n: number = "text";/);
  });

  it("that fails has one error with both in it", async () => {
    const { types, errors } = await kernel.run("const later = 1; later.foo()");
    expect(types).toEqual(["status", "execute_input", "error", "status"]);
    expect(errors[0]).toMatchObject({ ename: "TypeError", evalue: "later.foo is not a function" });
    expect(errors[0]!.traceback.join("\n")).toContain("Property 'foo' does not exist on type '1'.");
  });

  it("does not run under `strict`", async () => {
    const { errors } = await kernel.run('%check strict\nglobalThis.ran = true; const n: number = "x";');
    expect(errors[0]).toMatchObject({ ename: "TS2322", evalue: "Type 'string' is not assignable to type 'number'." });
    expect((await kernel.run("%check off\nglobalThis.ran")).result).toBeUndefined();
  });

  it("runs under `off` without a word", async () => {
    const { result, stderr } = await kernel.run('%check off\nconst n: number = "x"; n');
    expect([result, stderr]).toEqual(["'x'", ""]);
  });

  it("is told with its place underlined and with what to do", async () => {
    const { stderr } = await kernel.run('%check warn\nif (false) readFileSync("a")');
    expect(stripVTControlCharacters(stderr)).toMatch(
      /TS2304 Cannot find name 'readFileSync'\. \(Cell\[\d+\]:2:12\)\n> 2 \| if .+\n {4}\| {12}~{12}\n {4}Fix: import \{ readFileSync \} from "node:fs";\n/,
    );
  });

  it("in an import of types is told too, since the run does without it", async () => {
    const { stderr, reply } = await kernel.run('import type { Pad } from "left-pad"; let pad: Pad | undefined');
    expect(reply.status).toBe("ok");
    expect(stripVTControlCharacters(stderr)).toMatch(/TS2307 .+\n.+\n.+\n {4}Fix: %install left-pad\n/);
  });

  it("is found across cells, with the types of the library", async () => {
    await kernel.run("%check warn\nconst penguins = datasets.penguins()");
    const { errors } = await kernel.run('penguins.column("speces")');
    expect(errors[0]!.ename).toBe("DataError");
    expect(errors[0]!.traceback.join("\n")).toContain("is not assignable to parameter of type");
  });
});

describe("a cell without a type error", () => {
  it.each([
    'const label: string = "a"; label.toUpperCase()',
    "let total = 0; for (const x of [1, 2]) total += x; total",
    "const model = mlp({ inputs: 2, outputs: 2 }); model.countParams()",
    "const t = tf.tensor([1, 2]).add(1); t.shape",
    "(x => x + 1)(2)",
  ])("gets no remark: %s", async (code) => {
    const { stderr, reply } = await kernel.run(code);
    expect([reply.status, stderr]).toEqual(["ok", ""]);
  });
});

describe("%check", () => {
  it("with another word says which there are", async () => {
    const { errors } = await kernel.run("%check maybe");
    expect(errors[0]!.evalue).toBe('%check: its word must be one of "warn", "strict", "off", got "maybe".');
  });
});

describe("%help", () => {
  it("shows the documentation of a name as a page", async () => {
    const { reply } = await kernel.run("%help StandardScaler");
    const [page] = (reply as unknown as { payload: { source: string; data: Record<string, string> }[] }).payload;
    expect(page?.source).toBe("page");
    expect(page?.data["text/plain"]).toContain("Rescales each column");
  });

  it("of a name nobody knows says so, and without a name asks for one", async () => {
    const { reply } = await kernel.run("%help nobodyKnows");
    expect(reply).toMatchObject({ payload: [{ data: { "text/plain": '%help: nothing is known of "nobodyKnows".' } }] });
    expect((await kernel.run("%help")).errors[0]!.evalue).toBe("%help: expected one name, got 0. Example: %help fit");
  });
});

describe("completion and inspection", () => {
  it("know the types of earlier cells and of the library, also while a cell runs", async () => {
    await kernel.run("const frame = datasets.iris()");
    const { done } = await kernel.begin('console.log("begun"); while (true) {}', "begun");
    const { reply } = await kernel.client.request<{ matches: string[]; cursor_start: number }>("complete_request", {
      code: "frame.dropM",
      cursor_pos: 11,
    });
    expect(reply.content).toMatchObject({ matches: ["dropMissing"], cursor_start: 6 });
    const importing = await kernel.client.request<{ matches: string[]; cursor_start: number }>("complete_request", {
      code: "const text = readFileS",
      cursor_pos: 22,
    });
    expect(importing.reply.content).toMatchObject({
      matches: ['import { readFileSync } from "node:fs";\nconst text = readFileSync'],
      cursor_start: 0,
      cursor_end: 22,
    });
    const docs = await kernel.client.request<{ data: Record<string, string> }>("inspect_request", {
      code: "standardScaler; new StandardScaler()",
      cursor_pos: 25,
    });
    expect(docs.reply.content.data["text/plain"]).toContain("Rescales each column");
    await kernel.interrupt();
    await done;
  });
});
