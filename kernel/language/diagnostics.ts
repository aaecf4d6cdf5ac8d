import type { Position, Diagnostic as ServerDiagnostic } from "vscode-languageserver-protocol";
import { adviceIn } from "./fixes.js";
import type { DeclarationKind } from "./outline.js";
import { LineMap, withoutPlumbing } from "./text.js";

export interface Diagnostic {
  readonly code: number;
  readonly category: "error" | "warning" | "suggestion";
  readonly message: string;
  /** 1-based; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What to do about it, as the end of a sentence: `change spelling to 'shape'`. */
  readonly fix?: string;
  /** The name that nothing declares, which an import could bring. */
  readonly missing?: string;
}

/** A value, a namespace or a type that nobody has defined, with a similar name that somebody has or without. */
const missingName = [2304, 2503, 2552];

/** A cell that ends in `a, b` shows b: the comma is no mistake there. */
const unusedComma = 2695;

/** Codes about an implicit `any`. Exploring code has `(x) => x + 1` and `const losses = []`. */
const isImplicitAny = (code: number) => code >= 7005 && code <= 7057 && !(code >= 7027 && code <= 7030);

const categories = { 1: "error", 2: "warning", 3: "suggestion" } as const;

/** Why a name of another cell cannot be written to, as TypeScript says it where the name is declared. */
const writeErrors: Partial<Record<DeclarationKind, [code: number, what: string]>> = {
  const: [2588, "a constant"],
  function: [2630, "a function"],
  class: [2629, "a class"],
  enum: [2628, "an enum"],
  namespace: [2631, "a namespace"],
};
const writeToAlias = 2632;

export interface DiagnosticContext {
  /** How a name of another cell or of the library was declared. */
  readonly kindOf: (name: string) => DeclarationKind | undefined;
  /** The user's configuration asks for errors where a type is implicitly `any`. */
  readonly implicitAny: boolean;
}

/** The diagnostics of the user's text. After a syntax error only the syntax counts: the rest follows from it. */
export function toDiagnostics(
  found: readonly ServerDiagnostic[],
  code: string,
  { kindOf, implicitAny }: DiagnosticContext,
): Diagnostic[] {
  const lines = new LineMap(code);
  const end = lines.positionAt(code.length);
  const isOurs = ({ range }: ServerDiagnostic) => range.start.line <= end.line;
  const isNoise = ({ code }: ServerDiagnostic) => code === unusedComma || (!implicitAny && isImplicitAny(Number(code)));
  const ours = found.filter((diagnostic) => isOurs(diagnostic) && !isNoise(diagnostic));
  // What the cell leaves open is found below it, in what we wrote there.
  const open = found.filter((diagnostic) => isSyntaxError(diagnostic) && !isOurs(diagnostic)).slice(0, 1);
  const syntax = ours.filter(isSyntaxError);
  const shown = syntax.length > 0 ? syntax : open.length > 0 ? open : ours;
  return shown.flatMap((diagnostic) => {
    const category = categories[diagnostic.severity as keyof typeof categories];
    if (category === undefined) return []; // hints, such as names that only later cells use
    const range = diagnostic.range;
    const from = earlier(range.start, end);
    const to = earlier(range.end, end);
    const name = code.slice(lines.offsetAt(from), lines.offsetAt(to));
    const write = diagnostic.code === writeToAlias ? writeErrors[kindOf(name) ?? "import"] : undefined;
    const { message, fix } = adviceIn(withoutPlumbing(textOf(diagnostic)), diagnostic);
    return {
      code: write?.[0] ?? Number(diagnostic.code),
      category,
      message: write ? `Cannot assign to '${name}' because it is ${write[1]}.` : message,
      line: from.line + 1,
      column: from.character + 1,
      endLine: to.line + 1,
      endColumn: to.character + 1,
      ...(fix && { fix }),
      ...(missingName.includes(Number(diagnostic.code)) && { missing: name }),
    };
  });
}

function earlier(a: Position, b: Position): Position {
  return a.line < b.line || (a.line === b.line && a.character < b.character) ? a : b;
}

/** TypeScript's grammar and scanner errors; the numbers above 1200 need the meaning of the program. */
function isSyntaxError({ code }: ServerDiagnostic): boolean {
  return (Number(code) >= 1002 && Number(code) < 1200) || (Number(code) >= 17002 && Number(code) < 17020);
}

function textOf({ message }: ServerDiagnostic): string {
  return typeof message === "string" ? message : message.value;
}
