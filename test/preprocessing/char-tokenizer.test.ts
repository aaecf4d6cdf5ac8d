import { describe, expect, it } from "@jest/globals";
import { CharTokenizer, charTokenizer } from "../../src/preprocessing/char-tokenizer.js";
import { nextTokenWindows } from "../../src/preprocessing/next-token-windows.js";

describe("charTokenizer", () => {
  it("gives each character its place in the order of code points, and the text back", () => {
    const tokenizer = charTokenizer("banana 🍌");
    expect(tokenizer.vocabulary).toEqual([" ", "a", "b", "n", "🍌"]);
    expect(tokenizer.size).toBe(5);
    expect(tokenizer.encode("nab🍌")).toEqual([3, 1, 2, 4]);
    expect(tokenizer.decode(tokenizer.encode("banana 🍌"))).toBe("banana 🍌");
  });

  it("is kept as JSON", () => {
    const { vocabulary } = JSON.parse(JSON.stringify(charTokenizer("to be"))) as { vocabulary: string[] };
    expect(new CharTokenizer(vocabulary).encode("bet")).toEqual(charTokenizer("to be").encode("bet"));
  });

  it("says which character it does not know, and where", () => {
    expect(() => charTokenizer("abc").encode("cab!")).toThrow(
      'CharTokenizer.encode: the character "!" at 3 was not in the text that made the tokenizer. Make it with a text that has it, or replace it.',
    );
    expect(() => charTokenizer("abc").decode([0, 3])).toThrow(
      "CharTokenizer.decode: tokens[1] must be an integer from 0 to 2, got 3.",
    );
    expect(() => charTokenizer("")).toThrow('charTokenizer: text must be a text with at least one character, got "".');
  });
});

describe("nextTokenWindows", () => {
  it("gives rows and the same one token later", () => {
    const { x, y } = nextTokenWindows([0, 1, 2, 3, 4, 5, 6], 3, 2);
    expect(x).toEqual([
      [0, 1, 2],
      [2, 3, 4],
    ]);
    expect(y).toEqual([
      [1, 2, 3],
      [3, 4, 5],
    ]);
  });

  it("gives rows that share nothing unless told otherwise", () => {
    expect(nextTokenWindows([0, 1, 2, 3, 4], 2).x).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("refuses a text that is too short", () => {
    expect(() => nextTokenWindows([1, 2, 3], 3)).toThrow(
      "nextTokenWindows: tokens must be more than length, 3, got 3. Use a longer text or shorter rows.",
    );
  });
});
