import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Session } from "./session.js";

let session: Session;
beforeAll(() => {
  session = new Session();
});
afterAll(() => session.end());

describe("the types of earlier cells", () => {
  it("reach later cells: values, classes, interfaces, enums, namespaces and imports", async () => {
    const first = await session.run(`import * as fs from "node:fs";
      import type { Stats } from "node:fs";
      let count: string | undefined = "a";
      class Box<T> { constructor(public value: T) {} }
      interface Row<T> { value: T }
      enum Mode { Train, Test }
      namespace Shapes { export const side = 2 }
      const { a, b: [c] } = { a: 1, b: ["x"] };
      async function load(path: string) { return fs.readFileSync(path, "utf8") }`);
    expect(first).toEqual([]);
    expect(
      await session.run(`count = 3;
const row: Row<number> = { value: "a" };
new Box("a").value.toFixed();
Mode.Train.toFixed(); Shapes.side.toFixed(); a.toFixed(); c.toUpperCase();
const text: number = await load("x");
let stats: Stats; fs.existsSync("a");`),
    ).toEqual([
      "2322 1:1 Type 'number' is not assignable to type 'string'.",
      "2322 2:28 Type 'string' is not assignable to type 'number'.",
      "2551 3:20 Property 'toFixed' does not exist on type 'string'.",
      "2322 5:7 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it("are those of the newest definition, whatever kind it replaces", async () => {
    await session.run("let model = 1");
    await session.run("function model() { return 'trained' }");
    expect(await session.run("model().toUpperCase()")).toEqual([]);
    await session.run("class model { epochs = 3 }");
    expect(await session.run("new model().epochs.toFixed()")).toEqual([]);
  });

  it("stay what they were for cells that used an older definition, so that types never run in circles", async () => {
    await session.run("const data = [1, 2, 3]");
    await session.run("const scaled = data.map((value) => String(value))");
    await session.run("const data = scaled.map((value) => value.length > 1)");
    expect(await session.run("const flag: string = data[0]!; scaled[0]!.toUpperCase()")).toEqual([
      "2322 1:7 Type 'boolean' is not assignable to type 'string'.",
    ]);
  });

  it("come from cells with top-level await and from declarations that follow a block", async () => {
    await session.run("const later = await Promise.resolve(3)\nif (later) { let hidden = 1; var seen = 'a' }");
    expect(await session.run("later.toFixed(); seen.toUpperCase(); hidden")).toEqual([
      "2304 1:38 Cannot find name 'hidden'.",
    ]);
  });

  it("come from decorated, exported and nested declarations", async () => {
    await session.run(`const tag = (options: { of: (x: number) => number }) => (target: unknown, context: unknown) => {};
@tag({ of: (x) => Math.max(x, 1) }) class Tagged { size = 1 }
export abstract class Base { abstract run(): void }
export type Sizes = { [name: string]: number };
namespace Outer.Inner { export const depth = 2 }
for (var index = 0; index < 1; index++) {}
label: { var labelled = "a" }
export default function main() { return "m" }
using resource = { [Symbol.dispose]() {} };`);
    const uses = "new Tagged().size.toFixed(); class Mine extends Base { run() {} }; const s: Sizes = { a: 1 };";
    expect(
      await session.run(`${uses} Outer.Inner.depth; index.toFixed(); labelled.at(0); main().at(0); resource`),
    ).toEqual([]);
  });

  it("include what a cell adds to the global scope or to a module", async () => {
    await session.run('declare global { var added: number }\ndeclare module "node:fs" { export const extra: number }');
    await session.run("1");
    expect(await session.run('added.toFixed(); import { extra } from "node:fs"; extra.toFixed()')).toEqual([]);
  });

  it("are not taken over by a block's own variable of the same name", async () => {
    await session.run("const rate = 'fast'");
    expect(await session.run("if (true) { let rate = 1; rate.toFixed() }\nrate.toUpperCase()")).toEqual([]);
  });
});

describe("a write to a name of another cell", () => {
  it.each([
    ["const fixed = 1", "fixed = 2", "2588 1:1 Cannot assign to 'fixed' because it is a constant."],
    ["function act() {}", "act = null", "2630 1:1 Cannot assign to 'act' because it is a function."],
    ["class Kind {}", "Kind = null", "2629 1:1 Cannot assign to 'Kind' because it is a class."],
    ["enum Level { Low }", "Level = null", "2628 1:1 Cannot assign to 'Level' because it is an enum."],
  ])("is an error after %s", async (declaration, write, error) => {
    await session.run(declaration);
    expect(await session.run(write)).toEqual([error]);
  });

  it("is fine where the name is a variable", async () => {
    await session.run("let free = 1; var open = 'a'");
    expect(await session.run("free = 2; free += 1; [free] = [3]; open = 'b'")).toEqual([]);
  });
});

describe("a cell", () => {
  it.each([
    ["unused expressions", "1 + 1; (x) => x; 'a'"],
    ["a last expression with commas", "1, 2"],
    ["unused names", "const unused = 1; import os from 'node:os'"],
    ["implicit any", "const losses = []; losses.push(1); const double = (x) => x * 2"],
    ["exports", "export const shown = 1; export { shown as again }; export default 3"],
    ["nothing", ""],
    ["a comment alone", "// later"],
    ["a hashbang", "#!/usr/bin/env node\nconst started = true"],
    ["code without types", "// @ts-nocheck\nconst n: number = 's'"],
  ])("may have %s", async (_, code) => {
    expect(await session.run(code)).toEqual([]);
  });

  it("declares a name once", async () => {
    expect(await session.run("const twice = 1; const twice = 2")).toEqual([
      "2451 1:7 Cannot redeclare block-scoped variable 'twice'.",
      "2451 1:24 Cannot redeclare block-scoped variable 'twice'.",
    ]);
  });

  it("shows only the syntax while that is wrong", async () => {
    expect(await session.run("const broken = (; missing(1)")).toEqual(["1109 1:17 Expression expected."]);
    expect(await session.run("const open = `a\nb")).toEqual(["1160 2:2 Unterminated template literal."]);
  });

  it("has positions in UTF-16 units, past astral characters and CRLF", async () => {
    expect(await session.run('"😀"; missing\r\n"😀"; missing')).toEqual([
      "2304 1:7 Cannot find name 'missing'.",
      "2304 2:7 Cannot find name 'missing'.",
    ]);
  });

  it("may hold half a surrogate pair", async () => {
    expect(await session.run("const half = '\\ud83d\ud83d'; missing")).toEqual([
      "2304 1:25 Cannot find name 'missing'.",
    ]);
  });

  it("has no document, but Node", async () => {
    const [error] = await session.run("document.title; process.version; setTimeout(() => {}); fetch('a')");
    expect(error).toMatch("2584 1:1 Cannot find name 'document'.");
  });

  it("may be TSX", async () => {
    await session.run("declare namespace JSX { interface IntrinsicElements { b: {} } }\nconst React: any = null");
    expect(await session.run("const tag = <b>bold</b>\nconst wrong: number = 'a'")).toEqual([
      "2322 2:7 Type 'string' is not assignable to type 'number'.",
    ]);
    expect(await session.run("tag")).toEqual([]);
  });

  it("offers TypeScript's advice apart from the message", async () => {
    const cell = { id: "advice", code: "'x'.toUperCase()", name: "Cell[1]" };
    expect(await session.language.check(cell)).toMatchObject([
      {
        category: "error",
        message: "Property 'toUperCase' does not exist on type '\"x\"'.",
        fix: "change spelling to 'toUpperCase'",
        line: 1,
        column: 5,
        endLine: 1,
        endColumn: 15,
      },
    ]);
  });
});

describe("the library", () => {
  it("is in scope with its generics, and tf with it", async () => {
    expect(
      await session.run(`const frame: Frame<number> = new Frame([1]);
const history: History = await fit({ name: "net" }, { epochs: "3" });
tf.tensor2d([[1, 2]]).mul(2).shape.map((size) => size.toFixed());
const layer: string = tf.layers.dense({ units: 3 });`),
    ).toEqual([
      "2322 2:55 Type 'string' is not assignable to type 'number'.",
      "2322 4:7 Type 'Dense' is not assignable to type 'string'.",
    ]);
  });

  it("is what an import from etude-ml gives", async () => {
    expect(await session.run('import { fit as train, Frame as Table } from "etude-ml";\ntrain({ name: 3 });')).toEqual([
      "2322 2:9 Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it("can be shadowed", async () => {
    await session.run("const fit = (x: number) => x");
    expect(await session.run("fit(3).toFixed()")).toEqual([]);
  });
});

describe("what lies beside the notebook", () => {
  it("is typed, and an edit counts for the next cell, also two imports away", async () => {
    mkdirSync(join(session.folder, "data"));
    writeFileSync(join(session.folder, "data", "size.ts"), "export const size = 3;");
    writeFileSync(join(session.folder, "local.ts"), 'export * from "./data/size";');
    expect(await session.run('import { size } from "./local.ts";\nsize.toFixed()')).toEqual([]);
    writeFileSync(join(session.folder, "data", "size.ts"), "export const size = 'large';");
    expect(await session.run("size.toUpperCase()")).toEqual([]);
  });

  it("is found once it is there: a file, a package", async () => {
    const code = 'import { n } from "./late";\nimport { pi } from "constants-of-nature";\nn + pi';
    expect(await session.run(code)).toEqual([
      "2307 1:19 Cannot find module './late' or its corresponding type declarations.",
      "2307 2:20 Cannot find module 'constants-of-nature' or its corresponding type declarations.",
    ]);
    const folder = join(session.folder, "node_modules", "constants-of-nature");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(session.folder, "late.ts"), "export const n = 1;");
    writeFileSync(join(folder, "package.json"), '{ "name": "constants-of-nature", "types": "index.d.ts" }');
    writeFileSync(join(folder, "index.d.ts"), "export declare const pi: number;");
    expect(await session.run(code)).toEqual([]);
  });

  it("may be a tsconfig.json, which is honoured from the next cell on", async () => {
    const code = "const one = [1][0]; one.toFixed(); document.title; (untyped) => untyped";
    expect(await session.run(code)).toHaveLength(1);
    writeFileSync(
      join(session.folder, "tsconfig.json"),
      `{ // a comment
        "compilerOptions": {
          "noUncheckedIndexedAccess": true, "noImplicitAny": true, "lib": ["es2023", "dom"],
          "module": "commonjs", "noUnusedLocals": true, "paths": { "@/*": ["./data/*"] },
        },
      }`,
    );
    expect(await session.run(`${code}; await 1; import { size as big } from "@/size"; big.length`)).toEqual([
      "18048 1:21 'one' is possibly 'undefined'.",
      "7006 1:53 Parameter 'untyped' implicitly has an 'any' type.",
    ]);
  });
});
