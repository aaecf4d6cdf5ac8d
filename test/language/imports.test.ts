import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Session } from "./session.js";

let session: Session;
beforeAll(async () => {
  session = new Session();
  const { folder } = session;
  const small = join(folder, "node_modules", "small-sums");
  mkdirSync(small, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "dependencies": { "small-sums": "1.0.0" } }');
  writeFileSync(join(small, "package.json"), '{ "name": "small-sums", "version": "1.0.0", "types": "index.d.ts" }');
  writeFileSync(
    join(small, "index.d.ts"),
    "export declare function sumOfSquares(values: number[]): number;\nexport interface SumOptions { start: number }",
  );
  mkdirSync(join(folder, "lib"));
  writeFileSync(
    join(folder, "lib", "smooth.ts"),
    "const inner = 1;\nexport async function smoothLine() {}\nexport { inner as outerName };\nexport default class Smoother {}",
  );
  await session.language.available();
  // The first search reads the packages; it is not waited for where time is short.
  await session.language.inspect("sumOfSquares", 12, 0);
});
afterAll(() => session.end());

/** Without running it: what a cell imports stays in scope. */
function check(code: string) {
  return session.language.check({ id: "imports", code, name: "Cell[1]" });
}

async function fixes(code: string): Promise<(string | undefined)[]> {
  return (await check(code)).map(({ fix }) => fix);
}

describe("the fix of a missing name is the import that brings it", () => {
  it.each([
    ["a function of Node", 'readFileSync("a")', 'import { readFileSync } from "node:fs";'],
    ["one that can be awaited", 'await readFile("a")', 'import { readFile } from "node:fs/promises";'],
    ["a module of Node", 'fs.existsSync("a")', 'import fs from "node:fs";'],
    ["an installed package", "sumOfSquares([1])", 'import { sumOfSquares } from "small-sums";'],
    ["a type of a package", "let o: SumOptions", 'import { SumOptions } from "small-sums";'],
    ["a file beside the notebook", "await smoothLine()", 'import { smoothLine } from "./lib/smooth.ts";'],
    ["a renamed export", "outerName", 'import { outerName } from "./lib/smooth.ts";'],
    ["a default export", "new Smoother()", 'import Smoother from "./lib/smooth.ts";'],
  ])("%s", async (_, code, fix) => {
    expect(await fixes(code)).toEqual([fix]);
    expect(await fixes(`${fix}\n${code}`)).toEqual([]);
  });

  it("also where the cell imports from that module already", async () => {
    expect(await fixes('import { sumOfSquares } from "small-sums"; let o: SumOptions; existsSync("a")')).toEqual([
      'import { SumOptions } from "small-sums";',
      'import { existsSync } from "node:fs";',
    ]);
  });

  it("and nothing of what we generate, or of what nobody exports", async () => {
    expect(await fixes("library; c1; nobodyExportsThis")).toEqual([undefined, undefined, undefined]);
  });
});

describe("every module that is offered by its own name", () => {
  it("can be imported that way", async () => {
    const names = ["fs", "path", "os", "url", "util", "events", "assert", "readline", "zlib", "http", "vm", "net"];
    const inspections = await Promise.all(names.map((name) => session.inspect(name)));
    const imports = inspections.map((text) => text?.split("\n")[1]);
    expect(imports).toEqual(names.map((name) => `import ${name} from "node:${name}";`));
    expect(await check(imports.join("\n"))).toEqual([]);
  });
});

describe("the inspection of a missing name", () => {
  it("says how to import it, best first", async () => {
    expect(await session.inspect("readFile")).toBe(
      [
        "readFile is not defined. To import it:",
        'import { readFile } from "node:fs/promises";',
        'import { readFile } from "node:fs";',
      ].join("\n"),
    );
  });

  it("has nothing for a property, or for a name that nobody exports", async () => {
    expect(await session.inspect("({}).readFile")).toBeUndefined();
    expect(await session.inspect("nobodyExportsThis")).toBeUndefined();
  });
});

describe("completion of a name that nothing in scope continues", () => {
  it.each([
    ["a statement", "readFileS", { start: 0, text: 'import { readFileSync } from "node:fs";\nreadFileSync' }],
    [
      "a declaration",
      "1;\n  const text = readFileS",
      { start: 5, text: 'import { readFileSync } from "node:fs";\nconst text = readFileSync' },
    ],
    ["an installed package", "sumOfS", { start: 0, text: 'import { sumOfSquares } from "small-sums";\nsumOfSquares' }],
    ["a local file", "smooth", { start: 0, text: 'import { smoothLine } from "./lib/smooth.ts";\nsmoothLine' }],
  ])("puts the import before %s", async (_, code, { start, text }) => {
    const completion = await session.language.complete(code, code.length);
    const offered = completion?.matches.find((match) => match.text === text);
    expect(offered).toEqual({ text, kind: "module", start, end: code.length });
    const completed = code.slice(0, start) + text;
    expect(await check(completed)).toEqual([]);
  });

  it.each([
    ["in a function, where no import can stand", "function f() {\n  readFileS"],
    ["in the arguments of a call that begins above", "console.log(\n  readFileS"],
    ["in a string", '"readFileS'],
    ["in a comment", "// readFileS"],
    ["for a name that is being declared", "const readFileS"],
    ["for a member", "console.readFileS"],
    ["before more of the name", "readFileSxyz"],
    ["where JupyterLab would add a word of the cell", "const text = readFileS // readFileS"],
  ])("offers nothing %s", async (_, code) => {
    expect(await session.complete(code, code.lastIndexOf("readFileS") + 9)).toEqual([]);
  });
});
