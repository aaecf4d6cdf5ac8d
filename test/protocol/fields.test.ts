import { describe, expect, it } from "@jest/globals";
import { checkFields, type FieldRule } from "../../kernel/protocol/fields.js";

const rules: Record<string, FieldRule> = {
  code: "string",
  silent: "boolean?",
  n: "number?",
  user_expressions: "strings?",
  hist_access_type: ["tail", "range"],
  detail_level: [0, 1, null],
};
const good = { code: "1", hist_access_type: "tail" };
const check = (content: object) => checkFields("test_request", rules, content as Record<string, unknown>);

describe("the fields of a request", () => {
  it("that are right pass, beside fields that nobody knows", () => {
    const content = { ...good, silent: true, n: -1e308, user_expressions: { a: "b" }, detail_level: 1, other: null };
    expect(check(content)).toEqual(content);
  });

  it("that are optional may be null, which is absent", () => {
    expect(check({ ...good, silent: null, n: null, user_expressions: null, detail_level: null })).toEqual(good);
  });

  it.each<[object, string]>([
    [{}, "test_request: code must be a string, got nothing."],
    [{ code: null }, "test_request: code must be a string, got null."],
    [{ code: ["x"] }, "test_request: code must be a string, got a list."],
    [{ silent: "x" }, 'test_request: silent must be a boolean, got "x".'],
    [{ n: "a" }, 'test_request: n must be a number, got "a".'],
    [{ user_expressions: 5 }, "test_request: user_expressions must be an object of strings, got 5."],
    [{ user_expressions: ["a"] }, "test_request: user_expressions must be an object of strings, got a list."],
    [{ user_expressions: { a: 5 } }, "test_request: user_expressions must be an object of strings, got an object."],
    [{ hist_access_type: "all" }, 'test_request: hist_access_type must be one of "tail", "range", got "all".'],
    [{ hist_access_type: null }, 'test_request: hist_access_type must be one of "tail", "range", got null.'],
    [{ detail_level: 2 }, "test_request: detail_level must be one of 0, 1, got 2."],
  ])("that are wrong are named: %j", (wrong, message) => {
    const content = "code" in wrong || Object.keys(wrong).length === 0 ? wrong : { ...good, ...wrong };
    expect(() => check(content)).toThrow(new TypeError(message));
  });

  it("are not taken from the prototype", () => {
    expect(() => check(JSON.parse('{"__proto__": {"code": "1"}, "hist_access_type": "tail"}'))).toThrow("got nothing");
  });

  it("that are wrong and long, or deep, are not quoted whole", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(() => check({ code: deep })).toThrow("got a list.");
    expect(() => check({ ...good, n: "x".repeat(1e6) })).toThrow(/^.{0,150}$/);
  });
});
