import { describe, expect, it } from "@jest/globals";
import { splitCommands } from "../../kernel/cells/line-commands.js";

describe("commands at the top of a cell", () => {
  it.each([
    ["%install a b@1", [{ name: "install", words: ["a", "b@1"] }], ""],
    [
      "\n  %install a\n%x\nlet y = 1",
      [
        { name: "install", words: ["a"] },
        { name: "x", words: [] },
      ],
      "\n\n\nlet y = 1",
    ],
    ["!ls -l", [{ name: "!", words: ["-l"] }], ""],
    ["let a = 7\n% 3", [], "let a = 7\n% 3"],
    ["", [], ""],
  ])("%j", (source, commands, code) => {
    expect(splitCommands(source)).toEqual({ commands, code });
  });
});
