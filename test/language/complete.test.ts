import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Session } from "./session.js";

let session: Session;
beforeAll(async () => {
  session = new Session();
  await session.language.available();
  await session.run(`/** Rows of the table. */
const penguins = [{ species: "Adelie", mass: 3700 }];
let maybe: string | undefined;
interface Penguin { mass: number }
class Pen {}
function peck(times: number) { return times }`);
});
afterAll(() => session.end());

describe("completion", () => {
  it("has the names of earlier cells, of the library and of the language, with their kinds", async () => {
    const completion = await session.language.complete("pe", 2);
    expect(completion?.matches.filter(({ text }) => text.startsWith("pe"))).toMatchObject([
      { text: "peck", kind: "function", start: 0, end: 2 },
      { text: "penguins", kind: "variable", start: 0, end: 2 },
      { text: "performance", kind: "variable", start: 0, end: 2 },
    ]);
    expect(await session.complete("fi")).toContain("fit");
    expect(await session.complete("const f: Fra")).toContain("Frame");
    expect(await session.complete("const h: Hist")).toEqual(["History"]);
    expect(await session.complete("whi")).toEqual(["while"]);
  });

  it("knows classes and types by their kind", async () => {
    const completion = await session.language.complete("let p: Pen", 10);
    expect(completion?.matches.map(({ text, kind }) => `${text} ${kind}`)).toEqual(["Pen class", "Penguin interface"]);
  });

  it("has the members of a value, best first, and replaces what is typed of them", async () => {
    expect(await session.language.complete("penguins[0].m", 13)).toEqual({
      matches: [{ text: "mass", kind: "property", start: 12, end: 13 }],
      start: 12,
      end: 13,
    });
    expect(await session.complete("penguins[0].")).toEqual(["mass", "species"]);
    expect(await session.complete("tf.layers.den")).toEqual(["dense"]);
  });

  it("has the signatures of functions: of members, of names in scope and of variables that hold one", async () => {
    await session.run("const square = (side: number) => side ** 2; function first<Item>(of: Item[]) { return of[0] }");
    const signatures = async (code: string) =>
      (await session.language.complete(code, code.length))?.matches.map(({ text, signature }) => [text, signature]);
    expect(await signatures("tf.layers.den")).toEqual([["dense", "(args: DenseLayerArgs): Dense"]]);
    expect(await signatures("squar")).toEqual([["square", "(side: number) => number"]]);
    expect((await signatures("firs"))?.[0]).toEqual(["first", "<Item>(of: Item[]): Item"]);
    expect(await signatures("penguins[0].m")).toEqual([["mass", undefined]]);
  });

  it("has no name where one is being declared", async () => {
    expect(await session.complete("const peng")).toEqual([]);
  });

  it("replaces the dot where a value may be missing", async () => {
    const completion = await session.language.complete("maybe.toUp", 10);
    expect(completion?.matches).toMatchObject([{ text: "?.toUpperCase", kind: "method", start: 5, end: 10 }]);
  });

  it.each([
    ["an open block", "if (penguins) { penguins[0].sp"],
    ["an open call and object", "fit({ a: [penguins[0].sp"],
    ["an open template", "console.log(`it is a $" + "{penguins[0].sp"],
    ["a broken statement above", "const = ;\npenguins[0].sp"],
  ])("works in a cell with %s", async (_, code) => {
    expect(await session.complete(code)).toEqual(["species"]);
  });

  it("counts UTF-16 units past astral characters and CRLF", async () => {
    const code = 'const mark = "😀"; // 😀\r\n"😀"; penguins[0].sp';
    const { length } = code;
    expect(await session.language.complete(code, length)).toMatchObject({ start: length - 2, end: length });
  });

  it("in the middle of the code uses what stands below too", async () => {
    const code = "later.\nconst later = { alpha: 1 }";
    expect(await session.complete(code, 6)).toEqual(["alpha"]);
  });

  it("sees a name as the cell itself declares it", async () => {
    expect(await session.complete("const penguins = { own: 1 };\npenguins.")).toEqual(["own"]);
  });

  it("has the paths of modules", async () => {
    writeFileSync(join(session.folder, "features.ts"), "export const one = 1;");
    expect(await session.complete('import { one } from "./fea')).toEqual(["features"]);
    expect(await session.complete('import { readFile } from "node:fs/pro')).toEqual(["promises"]);
  });

  it("offers nothing of what we generate, and nothing where nothing fits", async () => {
    await session.run("const $shown = 1");
    expect(await session.complete("$")).toEqual(["$shown"]);
    expect(await session.complete("zzzz")).toEqual([]);
  });
});

describe("inspection", () => {
  it("shows the type and the documentation of a name", async () => {
    expect(await session.inspect("penguins")).toBe(
      "const penguins: {\n    species: string;\n    mass: number;\n}[]\nRows of the table.",
    );
    expect(await session.inspect("maybe")).toBe("let maybe: string | undefined");
    expect(await session.inspect("fit(x)", 2)).toMatch(/^function fit\(.*\): Promise<History>\nTrains a model.$/s);
  });

  it("shows the signature inside the parentheses of a call", async () => {
    expect(await session.inspect("peck(")).toBe("peck(times: number): number");
    expect(await session.inspect("fit({ name: 'a' }, ")).toMatch(/^fit\(.*Trains a model.$/s);
    expect(await session.inspect("const t = tf.tensor2d([[1, 2]], ")).toMatch("dtype?: ");
  });

  it("adds the signature to the value at the cursor for detail 1", async () => {
    const code = "peck(penguins";
    const brief = await session.language.inspect(code, code.length, 0);
    const full = await session.language.inspect(code, code.length, 1);
    expect(brief?.plain).not.toMatch("peck(");
    expect(full?.plain).toMatch("peck(times: number): number");
    expect(full?.markdown).toMatch("```typescript\nconst penguins");
  });

  it("says in the parentheses of a constructor what its class is", async () => {
    await session.run("/** Holds sizes. */\nclass Sizes { constructor(readonly sizes: number[] = []) {} }");
    expect(await session.inspect("new Sizes(")).toBe("Sizes(sizes?: number[]): Sizes\n\nHolds sizes.");
  });

  it("has documentation that reads well, plain and as markdown, without our files", async () => {
    await session.run(`interface Options<Row extends object = object> {
  /** How many _rows_. @default 10 */
  size?: number | undefined;
  row?: Row;
}
/**
 * Sums up {@link penguins}, see {@link https://example.org the page}.
 * @param options - what \`Options\` says & <more>
 * @returns One *number*.
 * @doc {heading: 'Sums'}
 * @deprecated use something else
 */
function sumUp<Row extends object>(options: Options<Row>) { return 1 }`);
    expect(await session.inspect("sumUp({ size", 12)).toBe(
      "(property) Options.size?: number\nHow many rows.\n\n@default 10",
    );
    expect(await session.inspect("sumUp(")).toBe(
      [
        "sumUp(options: Options<object>): number",
        "options: what Options says & <more>",
        "Sums up penguins, see the page.",
      ].join("\n\n"),
    );
    const inspection = await session.language.inspect("sumUp", 5, 0);
    expect(inspection?.plain).toBe(
      `function sumUp<Row extends object>(options: Options<Row>): number
Sums up penguins, see the page.

@param options - what Options says & <more>

@returns One number.

@deprecated use something else`,
    );
    expect(inspection?.markdown).not.toMatch(/etude|file:/);
  });

  it("names the library's types without the way to them", async () => {
    await session.run("const frame = new Frame([tf.scalar(1)])");
    expect(await session.inspect("frame")).toBe("const frame: Frame<tf.Scalar>");
  });

  it("has nothing to say about an unknown name or an empty place", async () => {
    expect(await session.inspect("unknownName")).toBeUndefined();
    expect(await session.inspect("   ", 1)).toBeUndefined();
  });
});
