// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are cells and files
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Notebook } from "./notebook.js";

let notebook: Notebook;
beforeAll(() => {
  notebook = new Notebook();
});
afterAll(() => notebook.close());

function configure(compilerOptions: Record<string, unknown>): void {
  notebook.write("tsconfig.json", JSON.stringify({ compilerOptions }));
}

it("jsx react-jsx imports the runtime of jsxImportSource", async () => {
  notebook.write(
    "node_modules/tiny/package.json",
    '{"name":"tiny","type":"module","exports":{"./jsx-runtime":"./j.js"}}',
  );
  notebook.write("node_modules/tiny/j.js", "export const jsx = (tag, { children }) => `${tag}:${children}`;");
  configure({ jsx: "react-jsx", jsxImportSource: "tiny" });
  expect(await notebook.last(["const view = () => <b>{1 + 1}</b>;\nview()"])).toBe("b:2");
});

it("jsxFactory names the function", async () => {
  configure({ jsx: "react", jsxFactory: "h" });
  expect(await notebook.last(["const h = (tag: string) => tag; <i/>"])).toBe("i");
});

it("experimentalDecorators gives the older decorators", async () => {
  configure({ experimentalDecorators: true });
  const cell =
    "const names: string[] = [];\nconst d = (target: object, name: string) => { names.push(name) };\nclass A { @d m() {} }\nnames";
  expect(await notebook.last([cell])).toBe("[ 'm' ]");
});

it("a base that it extends counts, too", async () => {
  notebook.write("base.json", '{ "compilerOptions": { "jsxFactory": "g" } }');
  notebook.write("tsconfig.json", '{ "extends": "./base", /* and no more */ }');
  expect(await notebook.last(["const g = (tag: string) => `g ${tag}`; <i/>"])).toBe("g i");
});

it("a mistake in it is told, until it is put right", async () => {
  notebook.write("tsconfig.json", '{\n  "compilerOptions": {]\n}');
  expect(await notebook.run("1")).toMatchObject({
    name: "SyntaxError",
    places: [[`${notebook.folder}/tsconfig.json`, 2, 23]],
  });
  configure({});
  expect(await notebook.last(["1"])).toBe("1");
});
