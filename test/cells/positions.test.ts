// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are cells
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { failingCells } from "./failing-cells.js";
import { type Answer, Notebook } from "./notebook.js";

let notebook: Notebook;
beforeAll(() => {
  notebook = new Notebook();
});
afterAll(() => notebook.close());

/** The error and the frames of one script. */
function failureIn(script: RegExp, answer: Answer): unknown {
  if (answer.kind !== "error") return answer.kind;
  const places = answer.places.filter(([name]) => script.test(name)).map(([, line, column]) => [line, column]);
  return { error: `${answer.name}: ${answer.message}`, places };
}

async function lastPlaces(...cells: string[]): Promise<unknown> {
  let answer: Answer | undefined;
  for (const cell of cells) answer = await notebook.run(cell);
  return answer?.kind === "error"
    ? answer.places.map(([script, line, column]) => `${script.replace(/\[\d+\]/, "")}:${line}:${column}`)
    : answer;
}

describe("an error is where V8 sees it in the same text as a module", () => {
  it.each(failingCells)("%j", async (cell) => {
    const ours = failureIn(/^Cell/, await notebook.run(cell));
    const plain = failureIn(/^plain$/, await notebook.run(`await runPlainly(${JSON.stringify(cell)})`));
    expect(plain).toHaveProperty("error");
    expect(ours).toEqual(plain);
  });
});

describe("an error in TypeScript is where the user's text has it", () => {
  it("behind types that are gone", async () => {
    const cell =
      "interface A {\n  a: number;\n}\nfunction f<T extends A>(x: T, y?: Map<string, A[]>): never {\n  const z: number = x.a * 2; throw new Error(`${z}`);\n}\nf<A>({ a: 1 } as A);";
    expect(await lastPlaces(cell)).toEqual(["Cell:5:36", "Cell:7:1"]);
  });

  it("across cells, in classes and callbacks", async () => {
    const first =
      "class K<T> {\n  constructor(private v: T) {}\n  run(): void {\n    [1].forEach((x: number): void => { throw new Error(String(this.v)) });\n  }\n}";
    expect(await lastPlaces(first, "const k: K<string> = new K<string>('q');\nk.run();")).toEqual([
      "Cell:4:46",
      "Cell:4:9",
      "Cell:2:3",
    ]);
  });

  it("after an await", async () => {
    expect(
      await lastPlaces(
        "async function g(a: number): Promise<void> {\n  await null;\n  throw new Error('late');\n}",
        "type X = 1;\n  await g(1 as X)",
      ),
    ).toEqual(["Cell:3:9", "Cell:2:3"]);
  });

  it("in what swc lowered", async () => {
    const cell =
      "const d = (v: unknown, c: DecoratorContext) => {};\n@d class M {\n  @d m(): void {\n    throw new Error('m');\n  }\n}\nnew M().m();";
    expect(await lastPlaces(cell)).toEqual(["Cell:4:11", "Cell:7:9"]);
  });

  it("in JSX", async () => {
    expect(
      await lastPlaces(
        "const React = { createElement: (f: () => unknown) => f() };\nfunction Boom(): never { throw new Error('x') }\n<div>\n</div>, <Boom/>",
      ),
    ).toEqual(["Cell:1:54", "Cell:3:2"]);
  });
});

describe("a syntax error names the place, and shows it", () => {
  it.each([
    ["let a: number = ;", 1, 17],
    ["const é = '😀';\n  foo(1, 2", 2, 11],
    ["let b = 1;\nlet b = 2;", 2, 5],
    ["type A = {\r\n  a: string\r\n}\r\nreturn 5", 4, 1],
    ["const r: RegExp = 1;\nconst q: RegExp = /x(/;", 2, 19],
  ])("%j", async (cell, line, column) => {
    const answer = await notebook.run(cell);
    expect(answer).toMatchObject({
      kind: "error",
      name: "SyntaxError",
      places: [[expect.stringMatching(/^Cell/), line, column]],
    });
  });

  it("with a caret under the character", async () => {
    const answer = await notebook.run("const fine = 1;\n\tlet wrong = ;");
    expect(answer).toMatchObject({
      excerpt: expect.stringMatching(/:2:14\n1 \| const fine = 1;\n2 \| \tlet wrong = ;\n {2}\| \t {12}\^$/),
    });
  });
});
