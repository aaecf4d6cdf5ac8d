import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CellCompiler } from "../../kernel/cells/compiler.js";
import { cellCases } from "./cell-cases.js";
import { Notebook } from "./notebook.js";

let notebook: Notebook;
beforeAll(() => {
  notebook = new Notebook();
});
afterAll(() => notebook.close());

describe.each(Object.entries(cellCases))("%s", (_, cases) => {
  it.each(cases.map(([cells, outcome]) => ({ cells, outcome })))("$cells", async ({ cells, outcome }) => {
    expect(await notebook.last(cells)).toBe(outcome);
  });
});

describe("a compiled cell", () => {
  it("declares slots for new names only", () => {
    const compiler = new CellCompiler();
    expect(compiler.compile("let a1 = 1, b1 = 2", "Cell[1]").slots).toBe("let a1,b1;");
    expect(compiler.compile("const a1 = 1; class C1 {}", "Cell[2]").slots).toBe("let C1;");
    expect(compiler.compile("a1 + b1", "Cell[3]").slots).toBe("");
  });

  it("says what it declares, and as what", () => {
    const source = `import p, { q } from "x"; import type { T } from "y"; const a = 1; let b; if (a) { var c = 1 }
      function d() {} class E {} enum F { x } namespace G { export const y = 1 } interface H {} declare const i: number`;
    expect(Object.fromEntries(new CellCompiler().compile(source, "Cell[1]").declares)).toEqual({
      p: "import",
      q: "import",
      a: "const",
      b: "let",
      c: "var",
      d: "function",
      E: "class",
      F: "enum",
      G: "namespace",
    });
  });

  it("names what it uses from outside, and not what an inner scope or it itself declares", () => {
    const source =
      "const f = (x) => { const y = x + outside; return y }; f(other.property); { let z = 1; z } typeof third";
    expect([...new CellCompiler().compile(source, "Cell[1]").free].sort()).toEqual(["other", "outside", "third"]);
  });

  it("is synchronous unless it awaits or imports at the top level", () => {
    const awaits = (source: string) => new CellCompiler().compile(source, "Cell[1]").awaits;
    expect(awaits("const f = async () => { await 1 }; f()")).toBe(false);
    expect(awaits('import type { T } from "x"; 1')).toBe(false);
    expect(awaits("for (const x of [1]) { await x }")).toBe(true);
    expect(awaits("for await (const x of []) {}")).toBe(true);
    expect(awaits('import "node:fs"')).toBe(true);
  });

  it("leaves the session as it was when it is no TypeScript", () => {
    const compiler = new CellCompiler();
    expect(() => compiler.compile("let a2 = ;", "Cell[1]")).toThrow("Unexpected token");
    expect(compiler.compile("let a2 = 1", "Cell[2]").slots).toBe("let a2;");
  });
});
