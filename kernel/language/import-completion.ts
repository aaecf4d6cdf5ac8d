import type { CompletionMatch } from "./completion.js";
import type { Importable } from "./import-source.js";

/** The part of a cell that a completion with an import replaces. */
export interface ImportPlace {
  readonly start: number;
  readonly end: number;
  /** What stands in it before the name. */
  readonly before: string;
  readonly typed: string;
}

/**
 * Where an import can go, given that Jupyter replaces one range: directly before the statement, if the line of the
 * cursor begins with one. Undefined if there is no place that surely becomes correct code.
 * @param cursor - UTF-16 offset.
 */
export function importPlace(code: string, cursor: number): ImportPlace | undefined {
  const lineStart = code.lastIndexOf("\n", cursor - 1) + 1;
  const line = code.slice(lineStart, cursor);
  const [typed = ""] = line.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*$/u) ?? [];
  if (typed.length < 2 || /^[\p{ID_Continue}$]/u.test(code.slice(cursor))) return undefined;
  const before = line.trimStart().slice(0, -typed.length);
  // JupyterLab adds words of the cell that begin alike, and then replaces the typed word alone.
  if (before !== "" && code.split(typed).length > 2) return undefined;
  return { start: cursor - typed.length - before.length, end: cursor, before, typed };
}

/** One match for each name: of two modules that export it, the first. */
export function importMatches(
  importables: readonly Importable[],
  { start, end, before }: ImportPlace,
): CompletionMatch[] {
  const firstByName = new Map(importables.toReversed().map((each) => [each.name, each]));
  return [...firstByName.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, statement }) => ({ text: `${statement}\n${before}${name}`, kind: "module", start, end }));
}
