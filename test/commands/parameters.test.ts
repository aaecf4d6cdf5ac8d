import { describe, expect, it } from "@jest/globals";
import type { Notebook } from "../../kernel/commands/notebook-file.js";
import { injectParameters } from "../../kernel/commands/parameters.js";

function notebook(...tags: string[][]): Notebook {
  const cells = tags.map((names, i) => ({ cell_type: "code", metadata: { tags: names }, source: `cell ${i}` }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

describe("parameters on the command line", () => {
  it("are declared in a cell after the tagged one", () => {
    const given = notebook([], ["parameters"], []);
    injectParameters(given, ["rate=0.1", "name=adam", "layers=[4, 2]", "quiet=true"]);
    expect(given.cells.map((cell) => cell.source)).toEqual([
      "cell 0",
      "cell 1",
      'let rate = 0.1;\nlet name = "adam";\nlet layers = [4, 2];\nlet quiet = true;',
      "cell 2",
    ]);
  });

  it("replace the cell of an earlier run", () => {
    const given = notebook(["parameters"]);
    injectParameters(given, ["rate=1"]);
    injectParameters(given, ["rate=2"]);
    expect(given.cells.map((cell) => cell.source)).toEqual(["cell 0", "let rate = 2;"]);
  });

  it("keep an equals sign and line ends in a text", () => {
    const given = notebook(["parameters"]);
    injectParameters(given, ["text=a=b\nc"]);
    expect(given.cells[1]!.source).toBe('let text = "a=b\\nc";');
  });

  it.each(["rate", "1st=2", "a-b=1", "=1", "x; process.exit()=1"])("refuse %j", (assignment) => {
    expect(() => injectParameters(notebook(["parameters"]), [assignment])).toThrow("-p must be name=value, got");
  });

  it("need a cell that is tagged for them", () => {
    expect(() => injectParameters(notebook([]), ["rate=1"])).toThrow('-p needs a cell tagged "parameters"');
  });
});
