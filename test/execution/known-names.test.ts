import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { KnownNames } from "../../kernel/execution/known-names.js";

const folder = mkdtempSync(join(tmpdir(), "etude-names-"));
afterAll(() => rmSync(folder, { recursive: true }));
const libraryTypes = join(folder, "index.d.ts");
writeFileSync(
  libraryTypes,
  'export { type MlpOptions, mlp } from "./mlp.js";\nexport type { Penguin } from "./p.js";\nexport { Matrix, inner as shownMatrix } from "./m.js";\n',
);

function names(): KnownNames {
  const known = new KnownNames(libraryTypes);
  known.declare({ penguins: "const", Penguinarium: "class", penguinCount: "function" });
  return known;
}

function complete(code: string): string[] {
  return names()
    .complete(code, code.length)
    .matches.map(({ text, kind }) => `${text} ${kind}`);
}

describe("the names that the kernel knows by itself", () => {
  it.each([
    ["of cells", "pengu", ["penguinCount function", "penguins variable"]],
    ["of the library", "mlp", ["mlp variable"]],
    ["of its types, by the name it gives them", "Mlp", ["MlpOptions type"]],
    ["that it renames", "shownM", ["shownMatrix variable"]],
    ["of JavaScript", "parseI", ["parseInt function"]],
    ["of JavaScript's classes", "WeakR", ["WeakRef class"]],
    ["of the language", "whi", ["while keyword"]],
    ["in what is spread", "[...pengu", ["penguinCount function", "penguins variable"]],
    ["of members: none", "penguins.pe", []],
    ["of members, past a line break: none", "penguins\n  .pe", []],
  ])("are those %s", (_, code, expected) => {
    expect(complete(code)).toEqual(expected);
  });

  it("replace what is typed of them, and are all there where nothing is typed", () => {
    expect(names().complete("1 + mlp", 7)).toMatchObject({ start: 4, end: 7 });
    expect(complete("")).toEqual(expect.arrayContaining(["penguins variable", "mlp variable", "Array class"]));
  });

  it("say how a cell declared them", () => {
    expect(names().inspect("penguins.map", 4)).toBe("const penguins");
    expect(names().inspect("own.penguins", 9)).toBeUndefined();
    expect(names().inspect("unknown", 3)).toBeUndefined();
  });

  it("are forgotten with the program that had them", () => {
    const known = names();
    known.clear();
    expect(known.inspect("penguins", 3)).toBeUndefined();
    expect(known.complete("mlp", 3).matches).toHaveLength(1);
  });
});
