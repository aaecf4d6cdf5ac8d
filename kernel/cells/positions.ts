import { type Step, trace } from "./trace.js";

/** A character of a text that the user wrote; line and column count from 1. */
export interface Position {
  /** The cell, or the path of the file. */
  readonly script: string;
  readonly line: number;
  readonly column: number;
}

interface Script {
  /** What the user calls the source. */
  readonly name: string;
  readonly makeSteps: () => readonly Step[];
  steps?: readonly Step[];
}

const scripts = new Map<string, Script>();
const sources = new Map<string, string>();

/**
 * Remembers where a generated script comes from.
 * @param script - Its name in stack traces.
 * @param name - What the user calls the source.
 * @param makeSteps - From the generated code back to the source, the last step first; called when an error first asks.
 */
export function registerScript(script: string, name: string, source: string, makeSteps: () => readonly Step[]): void {
  scripts.set(script, { name, makeSteps });
  sources.set(name, source);
}

/** The user's place for a place in generated code; undefined in other scripts, and for code that has no source. */
export function locate(script: string, line: number, column: number): Position | undefined {
  const known = scripts.get(script);
  if (!known) return undefined;
  known.steps ??= known.makeSteps();
  const place = trace(known.steps, { line, column });
  return place ? { script: known.name, ...place } : undefined;
}

/** The text of a cell or a local file, by the name that {@link locate} gives. */
export function sourceOf(name: string): string | undefined {
  return sources.get(name);
}
