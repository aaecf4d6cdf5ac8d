// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are cells and files
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Answer, Notebook } from "./notebook.js";

let notebook: Notebook;
beforeAll(() => {
  notebook = new Notebook();
  const files: Record<string, string> = {
    "a.ts":
      'import { b } from "./b";\nexport { type T, U } from "./types.js";\nexport const a: number = b + 1;\nexport const here = import.meta.url;\nexport const later = () => import("./b.js");\nexport let count = 0;\nexport const increment = () => ++count;',
    "b.ts": "export const b = 41; export class K {}",
    "c.ts": "export class C {}",
    "types.ts": "export type T = string; export interface U { a: 1 }",
    "only/index.d.ts": "export interface Q {}",
    "lib/index.ts": 'export * from "../b"; export const lib = 1;',
    "view.tsx": "export const view = (React: any) => <b>{1}</b>;",
    "m.mts": "export const m: number = 1;",
    "cycle-1.ts": 'import { two } from "./cycle-2"; export const one = 1; export const sum = () => one + two;',
    "cycle-2.ts": 'import { one } from "./cycle-1"; export const two = 2; export const difference = () => two - one;',
    "top-await.ts": "export const t = await Promise.resolve(9);",
    "data.json": '{"x": 5, "class": 7}',
    "uses-data.js": 'import data from "./data.json" with { type: "json" };\nexport const x = data.x;',
    "c.cjs": 'const d = require("./d.cjs"); module.exports = { c: d + 1, file: __filename };',
    "d.cjs": "module.exports = 10;",
    "plain.js": 'exports.hello = (name) => "hello " + name;',
    "k.cts": "const v: number = 3;\nexport = { v };",
    "equals.ts": 'import d = require("./d.cjs"); export const dd: number = d;',
    "folder with space/é.ts": 'export const s = "é";',
    "throws.ts": "type A = 1;\n\nexport function boom(a: A): never {\n  throw new Error(`boom ${a}`);\n}",
    "bad.ts": "const fine = 1;\nlet y: = 3;",
    "uses-bad.ts": 'import "./bad";',
    "bad.json": "{a",
    "wrong-name.ts": 'import { nope } from "./b";\nexport const z = nope + 1;',
    "needs-missing.ts": 'import x from "not-there"; export default x;',
    "flag.ts":
      'import { existsSync } from "node:fs";\nif (!existsSync(new URL("./flag.txt", import.meta.url))) throw new Error("no flag");\nexport const flag = true;',
    "node_modules/common/package.json": '{"name":"common"}',
    "node_modules/common/index.js": 'const o = { alpha: 1 }; module.exports = Object.assign(o, { ["be" + "ta"]: 2 });',
    "node_modules/modern/package.json":
      '{"name":"modern","type":"module","exports":{".":"./main.js","./sub":"./sub.js"}}',
    "node_modules/modern/main.js": "export const e = 1; export default class D {}",
    "node_modules/modern/sub.js": "export const sub = 2;",
    "node_modules/@scope/p/package.json": '{"name":"@scope/p","main":"x.js"}',
    "node_modules/@scope/p/x.js": "exports.q = 1;",
    "node_modules/@types/geojson/package.json": '{"name":"@types/geojson","types":"index.d.ts"}',
    "node_modules/@types/geojson/index.d.ts": "export interface Feature {}",
    "aliased/inner.ts": "export const inner = 6;",
    "tsconfig.json":
      '{\n  // comments and trailing commas are allowed\n  "compilerOptions": { "paths": { "@alias/*": ["./aliased/*"] }, },\n}',
  };
  for (const [file, text] of Object.entries(files)) notebook.write(file, text);
});
afterAll(() => notebook.close());

const run = (...cells: string[]) => notebook.last(cells);

describe("a cell imports", () => {
  it.each([
    ["local TypeScript without extension", 'import { a } from "./a"; a', "42"],
    ["local TypeScript named .js", 'import { a } from "./a.js"; a', "42"],
    ["local TypeScript by its name", 'import { a } from "./a.ts"; a', "42"],
    ["a type through a local file as undefined", 'import { U, T } from "./a"; [U, T]', "[ undefined, undefined ]"],
    ["a file that has only types", 'import { Q } from "./only"; Q', "undefined"],
    ["the index of a folder", 'import { lib, b } from "./lib"; [lib, b]', "[ 1, 41 ]"],
    ["TSX", 'import { view } from "./view"; view({ createElement: (...a) => a })', "[ 'b', null, 1 ]"],
    [".mts", 'import { m } from "./m.mjs"; m', "1"],
    [
      "files that import each other",
      'import { sum } from "./cycle-1"; import { difference } from "./cycle-2"; [sum(), difference()]',
      "[ 3, 1 ]",
    ],
    ["a file that awaits", 'import { t } from "./top-await"; t', "9"],
    ["JSON", 'import data, { x } from "./data.json"; [data, x]', "[ { x: 5, class: 7 }, 5 ]"],
    ["JSON with its attribute", 'import data from "./data.json" with { type: "json" }; data.x', "5"],
    ["JSON later", '(await import("./data.json", { with: { type: "json" } })).default.class', "7"],
    ["JavaScript that imports JSON", 'import { x } from "./uses-data.js"; x', "5"],
    ["CommonJS in .js", 'import { hello } from "./plain.js"; hello("you")', "hello you"],
    ["CommonJS in .cts", 'import k from "./k.cts"; k', "{ v: 3 }"],
    ["import x = require() in a file", 'import { dd } from "./equals"; dd', "10"],
    ["paths with spaces and accents", 'import { s } from "./folder with space/é"; s', "é"],
    ["names of tsconfig's paths", 'import { inner } from "@alias/inner"; inner', "6"],
    [
      "CommonJS packages, also names that Node does not see",
      'import common, { alpha, beta, gamma } from "common"; [common, alpha, beta, gamma]',
      "[ { alpha: 1, beta: 2 }, 1, 2, undefined ]",
    ],
    [
      "packages of modules and their entries",
      'import D, { e } from "modern"; import { sub } from "modern/sub"; [D.name, e, sub]',
      "[ 'D', 1, 2 ]",
    ],
    ["scoped packages", 'import { q } from "@scope/p"; q', "1"],
    ["packages that have only types", 'import { Feature } from "geojson"; Feature', "undefined"],
    ["data: URLs", 'import { v } from "data:text/javascript,export const v=3"; v', "3"],
    ["modules of Node without prefix", 'import { sep } from "path"; sep', "/"],
  ])("%s", async (_, cell, expected) => {
    expect(await run(cell)).toBe(expected);
  });

  it("absolute paths and file: URLs", async () => {
    expect(await run(`import { m } from "${notebook.folder}/m.mts"; m`)).toBe("1");
    expect(await run(`import { m } from "file://${notebook.folder}/m.mts"; m`)).toBe("1");
  });

  it("the library that the kernel has loaded", async () => {
    const own = new URL("../../dist/src/index.js", import.meta.url).href;
    expect(
      await run(
        `import * as E from "etude-ml"; E === (await import("data:text/javascript,export * as own from ${JSON.stringify(own).replaceAll('"', "%22")}")).own`,
      ),
    ).toBe("true");
  });

  it("local files as if they ran where they are", async () => {
    expect(await run('import { here } from "./a"; here')).toBe(`file://${notebook.folder}/a.ts`);
    expect(await run('import { later } from "./a"; (await later()).b')).toBe("41");
  });
});

describe("an import that runs again", () => {
  it("sees an edit of the file, and of a file that it imports", async () => {
    notebook.write("edited.ts", "export const e = 1;");
    notebook.write("above.ts", 'import { e } from "./edited"; export const above = e * 10;');
    const cell = 'import { e } from "./edited"; import { above } from "./above"; [e, above]';
    expect(await run(cell)).toBe("[ 1, 10 ]");
    notebook.write("edited.ts", "export const e = 2;");
    expect(await run(cell)).toBe("[ 2, 20 ]");
  });

  it("sees an edit of CommonJS that the file requires, and of JSON", async () => {
    notebook.write("e.cjs", 'module.exports = require("./f.cjs") + 1;');
    notebook.write("f.cjs", "module.exports = 1;");
    notebook.write("g.json", "1");
    const cell = 'import e from "./e.cjs"; import g from "./g.json"; [e, g]';
    expect(await run(cell)).toBe("[ 2, 1 ]");
    notebook.write("f.cjs", "module.exports = 5;");
    notebook.write("g.json", "2");
    expect(await run(cell)).toBe("[ 6, 2 ]");
  });

  it("gives the same module when nothing changed, whatever else did", async () => {
    await run('import { C } from "./c"; const first = C');
    notebook.write("b.ts", "export const b = 41; export class K {} export const more = 1;");
    expect(await run('import { C } from "./c"; import { more } from "./b"; first === C')).toBe("true");
  });

  it("keeps the state of a module, whose exports are live", async () => {
    expect(
      await run('import * as A from "./a"; A.increment(); A.count', 'import * as again from "./a"; again.count'),
    ).toBe("1");
  });

  it("runs a file again that failed", async () => {
    const cell = 'import { flag } from "./flag"; flag';
    expect(await run(cell)).toBe("Error: no flag");
    notebook.write("flag.txt", "");
    expect(await run(cell)).toBe("true");
  });

  it("finds a package that was installed meanwhile", async () => {
    expect(await run('import { n } from "newly"; n')).toContain("%install newly");
    notebook.write("node_modules/newly/package.json", '{"name":"newly","type":"module","exports":"./i.js"}');
    notebook.write("node_modules/newly/i.js", "export const n = 1;");
    expect(await run('import { n } from "newly"; n')).toBe("1");
  });
});

describe("a failing import says what to do", () => {
  it.each([
    ["lodash", 'import: package "lodash" is not installed. Run %install lodash in a cell.'],
    ["@a/b/c/d", 'import: package "@a/b" is not installed. Run %install @a/b in a cell.'],
    [
      "modern/other",
      'import: package "modern" has no entry "./other". Import one that its package.json lists under "exports".',
    ],
    ["fss", 'import: package "fss" is not installed. Did you mean "node:fs"? Run %install fss in a cell.'],
    ["node:pth", 'import: Node.js has no module "node:pth". Did you mean "node:path"?'],
  ])("%s", async (specifier, message) => {
    expect(await run(`import x from "${specifier}"`)).toBe(`ImportError: ${message}`);
  });

  it("names the folder of a missing file, and the file that imports what is missing", async () => {
    expect(await run('import "./nope"')).toBe(
      `ImportError: import: there is no file "./nope" in ${notebook.folder}. Check the path, which starts at the folder of the importing file.`,
    );
    expect(await run('import x from "./needs-missing"')).toBe(
      `ImportError: import in ${notebook.folder}/needs-missing.ts: package "not-there" is not installed. Run %install not-there in a cell.`,
    );
  });

  it("names file, line and column of a mistake in a local file", async () => {
    const at = (file: string, line: number, column: number) => ({
      places: [[`${notebook.folder}/${file}`, line, column]],
    });
    expect(await notebook.run('import "./uses-bad"')).toMatchObject({ name: "SyntaxError", ...at("bad.ts", 2, 8) });
    expect(await notebook.run('import "./wrong-name"')).toMatchObject({
      message: expect.stringContaining(`"${notebook.folder}/b.ts" does not provide`),
      ...at("wrong-name.ts", 1, 10),
    });
    expect(await notebook.run('import x from "./bad.json"')).toMatchObject({
      name: "SyntaxError",
      message: expect.stringContaining("bad.json is not JSON"),
    });
  });

  it("an error in a local file is at the user's line and column", async () => {
    const answer: Answer = await notebook.run('import { boom } from "./throws";\nboom(1)');
    expect(answer).toMatchObject({
      message: "boom 1",
      places: [
        [`${notebook.folder}/throws.ts`, 4, 9],
        [expect.stringMatching(/^Cell/), 2, 1],
      ],
    });
  });
});
