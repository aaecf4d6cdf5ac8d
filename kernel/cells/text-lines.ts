/** A character of a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const lineEnd = /\r\n|[\n\r\u2028\u2029]/;

export function linesOf(text: string): string[] {
  return text.split(lineEnd);
}

export function placeOf(text: string, offset: number): Place {
  const before = linesOf(text.slice(0, offset));
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** The character at a place; the end of the text for a place behind it. */
export function offsetOf(text: string, { line, column }: Place): number {
  const ends = new RegExp(lineEnd, "g");
  for (let n = 1; n < line; n++) if (!ends.exec(text)) return text.length;
  return Math.min(text.length, ends.lastIndex + column - 1);
}
