import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { type ErrorReport, errorReport } from "../../kernel/display/error-report.js";

const cell = ["const rows = [];", "function first() {", "\treturn rows[0].name;", "}", "first();"].join("\n");
const sources = { sourceOf: (name: string) => (name === "Cell[7]" ? cell : undefined) };
const lines = (report: ErrorReport) => report.traceback.map(stripVTControlCharacters);

function thrownInCell(error: Error, ...frames: string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

describe("errorReport", () => {
  it("shows the message, the failing line with a caret, and the frames that are not the kernel's", () => {
    const kernelFile = new URL("../../kernel/runner/run.js", import.meta.url).href;
    const error = thrownInCell(
      new TypeError("no name"),
      "Array.map (<anonymous>)",
      "first (Cell[7]:3:17)",
      "Cell[7]:5:1",
      `runCell (${kernelFile}:10:2)`,
      "node:internal/process/task_queues:95:5",
    );
    const report = errorReport(error, sources);
    expect(report).toMatchObject({ ename: "TypeError", evalue: "no name" });
    expect(lines(report)).toEqual([
      "TypeError: no name",
      "  1 | const rows = [];",
      "  2 | function first() {",
      "> 3 | \treturn rows[0].name;",
      "    | \t               ^",
      "  4 | }",
      "  5 | first();",
      "    at Array.map (<anonymous>)",
      "    at first (Cell[7]:3:17)",
      "    at Cell[7]:5:1",
    ]);
    expect(report.traceback[0]).toContain("\u001b[31m");
  });

  it("reads the place of an awaited frame", () => {
    const error = thrownInCell(new Error("late"), "async Cell[7]:5:1");
    expect(lines(errorReport(error, sources))).toContain("> 5 | first();");
  });

  it("follows causes, even in a circle", () => {
    const inner = thrownInCell(new RangeError("inner"));
    const outer = thrownInCell(new Error("outer", { cause: inner }));
    inner.cause = outer;
    expect(lines(errorReport(outer, sources))).toEqual(["Error: outer", "", "Caused by:", "  RangeError: inner"]);
  });

  it("lists the errors of an AggregateError", () => {
    const error = new AggregateError([thrownInCell(new Error("a")), "b"], "both failed");
    error.stack = "";
    expect(lines(errorReport(error, sources))).toEqual([
      "AggregateError: both failed",
      "",
      "Error 1:",
      "  Error: a",
      "",
      "Error 2:",
      "  'b'",
    ]);
  });

  it("counts the errors and frames that it leaves out", () => {
    const many = new AggregateError(
      Array.from({ length: 8 }, (_, i) => `error ${i}`),
      "all failed",
    );
    many.stack = "";
    expect(lines(errorReport(many, sources)).at(-1)).toBe("... and 3 more");
    const deep = thrownInCell(new RangeError("too deep"), ...Array.from({ length: 50 }, () => "Cell[7]:5:1"));
    expect(lines(errorReport(deep, sources)).at(-1)).toBe("    ... 30 more");
  });

  it("tells frames from lines of the message", () => {
    const error = thrownInCell(new Error("failed\n    at the gate (x.ts:1:1)"), "Cell[7]:5:1");
    expect(lines(errorReport(error, sources)).filter((line) => line.startsWith("    at "))).toEqual([
      "    at the gate (x.ts:1:1)",
      "    at Cell[7]:5:1",
    ]);
  });

  it.each([
    ["boom", "'boom'"],
    [undefined, "undefined"],
    [{ code: 1 }, "{ code: 1 }"],
  ])("a thrown %p that is no error is shown as Node's inspector prints it", (thrown, evalue) => {
    expect(errorReport(thrown, sources)).toMatchObject({ ename: "Uncaught", evalue });
  });

  it("shows what a system error carries", () => {
    const error = thrownInCell(Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", path: "x.csv" }));
    expect(lines(errorReport(error, sources))[1]).toBe("    { code: 'ENOENT', path: 'x.csv' }");
  });

  it("takes the excerpt of an error that has one instead of frames", () => {
    const error = Object.assign(thrownInCell(new SyntaxError("Unexpected token"), "parse (x.js:1:1)"), {
      excerpt: "> 1 | let",
    });
    expect(lines(errorReport(error, sources))).toEqual(["SyntaxError: Unexpected token", "> 1 | let"]);
  });

  it("survives an error whose properties throw", () => {
    const error = new Error("x");
    Object.defineProperty(error, "message", {
      get() {
        throw new Error("getter");
      },
    });
    expect(errorReport(error, sources).evalue).toContain("could not be read");
  });
});
