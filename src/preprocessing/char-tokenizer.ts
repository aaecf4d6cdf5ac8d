import { show } from "../core/check.js";
import { DataError, OptionError } from "../core/errors.js";

/** Characters as integers, and back. */
export class CharTokenizer {
  /** Every character once, in the order of their code points; its place is its token. */
  readonly vocabulary: readonly string[];
  private readonly tokens: ReadonlyMap<string, number>;

  constructor(vocabulary: readonly string[]) {
    this.vocabulary = vocabulary;
    this.tokens = new Map(vocabulary.map((character, token) => [character, token]));
  }

  /** How many tokens there are: they go from 0 to below it. */
  get size(): number {
    return this.vocabulary.length;
  }

  /** @throws DataError at a character that the text of {@link charTokenizer} had not. */
  encode(text: string): number[] {
    let place = 0;
    return Array.from(text, (character) => {
      const token = this.tokens.get(character);
      if (token === undefined) {
        throw new DataError(
          `CharTokenizer.encode: the character ${JSON.stringify(character)} at ${place} was not in the text that made the tokenizer. Make it with a text that has it, or replace it.`,
        );
      }
      place += character.length;
      return token;
    });
  }

  /** @throws DataError at a number that is no token. */
  decode(tokens: ArrayLike<number>): string {
    return Array.from(tokens, (token, i) => {
      const character = this.vocabulary[token];
      if (character !== undefined) return character;
      throw new DataError(
        `CharTokenizer.decode: tokens[${i}] must be an integer from 0 to ${this.size - 1}, got ${show(token)}.`,
      );
    }).join("");
  }

  toJSON(): { readonly vocabulary: readonly string[] } {
    return { vocabulary: this.vocabulary };
  }
}

/**
 * Learns which characters `text` has: whole code points, so that an emoji is one of them.
 *
 * @example
 * const tokenizer = charTokenizer(poem);
 * tokenizer.decode(tokenizer.encode("Tyger")); // "Tyger"
 */
export function charTokenizer(text: string): CharTokenizer {
  if (typeof text !== "string" || text.length === 0) {
    throw new OptionError(`charTokenizer: text must be a text with at least one character, got ${show(text)}.`);
  }
  return new CharTokenizer([...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
}
