import { inspect } from "node:util";
import { EtudeError } from "../../src/core/errors.js";
import { codeExcerpt } from "./code-excerpt.js";
import { type Frame, framesOf, isOfHelpers } from "./stack-frames.js";
import { bold, grey, red } from "./style.js";
import { wellFormed } from "./well-formed.js";

/** The three parts of Jupyter's `error` message. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface ErrorReportOptions {
  /** The text of a cell or local file as the user wrote it, by the name that stack frames carry. */
  readonly sourceOf: (scriptName: string) => string | undefined;
}

const maxFrames = 20;
const maxNested = 5;

/** What a cell that threw `thrown` shows: the message, the failing line of the user's code, the frames, the causes. */
export function errorReport(thrown: unknown, { sourceOf }: ErrorReportOptions): ErrorReport {
  const { ename, evalue } = headOf(thrown);
  return { ename, evalue, traceback: reportLines(thrown, sourceOf, new Set()) };
}

function reportLines(thrown: unknown, sourceOf: ErrorReportOptions["sourceOf"], seen: Set<unknown>): string[] {
  seen.add(thrown);
  const { ename, evalue } = headOf(thrown);
  const header = `${red(bold(ename))}${evalue === "" ? "" : `: ${evalue}`}`;
  if (!(thrown instanceof Error)) return header.split("\n");
  const excerpt = read(thrown, "excerpt");
  if (typeof excerpt === "string") return [...header.split("\n"), ...wellFormed(excerpt).split("\n")];
  const all = framesOf(String(read(thrown, "stack") ?? ""), evalue);
  // The message of these says all; where in the helpers it was found does not help.
  const frames = thrown instanceof EtudeError ? all.filter((frame) => !isOfHelpers(frame)) : all;
  return [
    ...header.split("\n"),
    ...excerptLines(frames, sourceOf),
    ...frameLines(frames, sourceOf),
    ...detailLines(thrown),
    ...nestedLines(thrown, sourceOf, seen),
  ];
}

function headOf(thrown: unknown): { ename: string; evalue: string } {
  if (!(thrown instanceof Error)) return { ename: "Uncaught", evalue: wellFormed(inspect(thrown)) };
  const name = read(thrown, "name");
  return {
    ename: wellFormed(typeof name === "string" && name !== "" ? name : "Error"),
    evalue: wellFormed(String(read(thrown, "message") ?? "")),
  };
}

/** The user's code around the innermost frame that is in it. */
function excerptLines(frames: readonly Frame[], sourceOf: ErrorReportOptions["sourceOf"]): string[] {
  for (const { script, line, column } of frames) {
    const source = script === undefined ? undefined : sourceOf(script);
    if (source !== undefined) return codeExcerpt(wellFormed(source), { line, column });
  }
  return [];
}

function frameLines(frames: readonly Frame[], sourceOf: ErrorReportOptions["sourceOf"]): string[] {
  const lines = frames.slice(0, maxFrames).map(({ text, script }) => {
    const isUsers = script !== undefined && sourceOf(script) !== undefined;
    return `    ${isUsers ? wellFormed(text) : grey(wellFormed(text))}`;
  });
  return frames.length > maxFrames ? [...lines, grey(`    ... ${frames.length - maxFrames} more`)] : lines;
}

/** What the error carries beside its message, such as `code` and `path` of a file that is not there. */
function detailLines(error: Error): string[] {
  const names = Object.keys(error).filter((name) => !["name", "message", "stack", "cause", "errors"].includes(name));
  if (names.length === 0) return [];
  const details = Object.fromEntries(names.map((name) => [name, read(error, name)]));
  return wellFormed(inspect(details, { depth: 1 }))
    .split("\n")
    .map((line) => grey(`    ${line}`));
}

function nestedLines(error: Error, sourceOf: ErrorReportOptions["sourceOf"], seen: Set<unknown>): string[] {
  const cause = read(error, "cause");
  const errors = read(error, "errors");
  const nested: [string, unknown][] = [
    ...(cause === undefined ? [] : [["Caused by", cause] as [string, unknown]]),
    ...(Array.isArray(errors) ? errors : []).map((inner, i): [string, unknown] => [`Error ${i + 1}`, inner]),
  ];
  const shown = nested.slice(0, maxNested).flatMap(([label, inner]) => {
    if (seen.has(inner) || seen.size > 2 * maxNested) return [];
    const lines = inner instanceof Error ? reportLines(inner, sourceOf, seen) : headOf(inner).evalue.split("\n");
    return ["", `${bold(label)}:`, ...lines.map((line) => `  ${line}`)];
  });
  return nested.length > maxNested ? [...shown, "", grey(`... and ${nested.length - maxNested} more`)] : shown;
}

/** A property of an error, whatever its getter does: a report must not fail because of what it reports. */
function read(error: Error, name: string): unknown {
  try {
    return Reflect.get(error, name);
  } catch (failure) {
    return `(could not be read: ${String(failure)})`;
  }
}
