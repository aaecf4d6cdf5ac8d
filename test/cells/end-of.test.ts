// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are cells
import { describe, expect, it } from "@jest/globals";
import { endOf } from "../../kernel/cells/end-of.js";

describe("endOf", () => {
  it.each([
    "",
    "  \n",
    "1 + 1",
    "const x = <number>y",
    "<b>{1}</b>",
    "// just",
    "%install lodash",
    "await x",
    "%time\nf()",
    "a => <any>a",
  ])("%j is complete", (code) => {
    expect(endOf(code)).toEqual({ kind: "complete" });
  });

  it.each([
    ["foo(", "  "],
    ["foo(1,", ""],
    ["let a = {\n  b: [", "    "],
    ["function f() {\n  if (a) {\n    b", "    "],
    ["class A {\n\tm() {", "\t\t"],
    ["a +", "  "],
    ["x = y ||", "  "],
    ["let x =", "  "],
    ["let x: ", "  "],
    ["if (x)", "  "],
    ["foo(a =>", "  "],
    ["a?.", ""],
    ["`abc", ""],
    ["`abc ${", "  "],
    ["'abc", ""],
    ["/* abc", ""],
    ["interface A {", "  "],
    ["import { a", ""],
    ["import { a } from", "  "],
    ["@dec", "  "],
    ["%install x\nfoo(", "  "],
    ["'é😀'; foo(", "  "],
  ])("%j is open and goes on at %j", (code, indent) => {
    expect(endOf(code)).toEqual({ kind: "open", indent });
  });

  it.each(["import * =", "}", "foo(]", "let a = ;", "'abc\nfoo", "let a; let a", "1 2", "/abc"])(
    "%j is invalid",
    (code) => {
      expect(endOf(code)).toEqual({ kind: "invalid" });
    },
  );
});
