import type { Position } from "vscode-languageserver-protocol";
import { LineMap } from "./text.js";

/** Code that is being written, below one generated line: whatever it leaves open cannot swallow its imports there. */
export class Draft {
  readonly #lines: LineMap;
  readonly #shift: number;

  constructor(
    readonly path: string,
    private readonly header: string,
    readonly code: string,
    readonly cursor: number,
  ) {
    // Right behind an alias TypeScript offers nothing but the keyword `type`; an empty statement stands between.
    const generated = `${header};\n`;
    this.#shift = generated.length;
    this.#lines = new LineMap(generated + code);
  }

  get text(): string {
    return this.#lines.text;
  }

  /** Where the cursor is for the server. */
  get position(): Position {
    return this.positionAt(this.cursor);
  }

  /** Where a UTF-16 offset in the code is for the server. */
  positionAt(offset: number): Position {
    return this.#lines.positionAt(offset + this.#shift);
  }

  /** Where the generated line brings a name into scope, if it does. */
  aliasOf(name: string): Position | undefined {
    for (const introduction of [`import ${name} =`, `declare let ${name}:`]) {
      const at = this.header.indexOf(introduction);
      if (at >= 0) return this.#lines.positionAt(at + introduction.indexOf(name));
    }
    return undefined;
  }

  /** A position of the server as a UTF-16 offset in the code. */
  offsetAt(position: Position): number {
    return this.#lines.offsetAt(position) - this.#shift;
  }
}
