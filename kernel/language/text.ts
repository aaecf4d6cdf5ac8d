import type { Position } from "vscode-languageserver-protocol";

/** Turns UTF-16 offsets of one text into the lines and characters of the language server protocol, and back. */
export class LineMap {
  readonly #starts = [0];

  constructor(readonly text: string) {
    for (const { 0: lineBreak, index } of text.matchAll(/\r\n|\n|\r/g)) this.#starts.push(index + lineBreak.length);
  }

  positionAt(offset: number): Position {
    const within = Math.max(0, Math.min(offset, this.text.length));
    const line = this.#starts.findLastIndex((start) => start <= within);
    return { line, character: within - this.#starts[line]! };
  }

  offsetAt({ line, character }: Position): number {
    const start = this.#starts[line];
    return start === undefined ? this.text.length : Math.min(start + character, this.text.length);
  }
}

/** Every identifier that `code` may mention; words in strings and comments count too, which does no harm. */
export function identifiersIn(code: string): Set<string> {
  const impliedByTags = hasJsx(code) ? ["React", "JSX"] : [];
  return new Set([...(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []), ...impliedByTags]);
}

/** The name at a UTF-16 offset; undefined for a property of something, and where there is none. */
export function nameAt(code: string, offset: number): string | undefined {
  const [before = ""] = code.slice(0, offset).match(/(?:\.\s*)?[\p{ID_Continue}$]*$/u) ?? [];
  const [after = ""] = code.slice(offset).match(/^[\p{ID_Continue}$]*/u) ?? [];
  return isIdentifier(before + after) ? before + after : undefined;
}

/** Whether a declared name is one that code can mention; `default`, `global` and quoted modules are not. */
export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "default" && name !== "global";
}

/** Whether `code` must be read as TSX: only a closing tag can look like this outside strings and comments. */
export function hasJsx(code: string): boolean {
  return /<\/[\w.$]*>|\/>/.test(code);
}

/** The package of a specifier such as `@scope/name/sub`; undefined if it names none. */
export function packageName(specifier: string): string | undefined {
  return specifier.match(/^(?:@[^/]+\/)?[^@./:][^/:]*(?=\/|$)/)?.[0];
}

/** Without the generated names that lead to a definition: `$etude.c3.$Sample` and `import("...").Tensor` lose their path. */
export function withoutPlumbing(text: string): string {
  return text
    .replace(/import\("[^"]*"\)\./g, "")
    .replace(/\$etude(?:Types\.\$|\.library\.|\.c\d+\.\$?)/g, "")
    .replace(/\(alias\) /g, "");
}
