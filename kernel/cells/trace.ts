import { createRequire } from "node:module";
import type * as TraceMapping from "@jridgewell/trace-mapping";
import type MagicString from "magic-string";
import { offsetOf, type Place, placeOf } from "./text-lines.js";

/** Loaded with the first error, not with the kernel. */
function tracing(): typeof TraceMapping {
  return createRequire(import.meta.url)("@jridgewell/trace-mapping");
}

/** One change of a text into another. */
export interface Step {
  readonly source: string;
  readonly generated: string;
  readonly map: TraceMapping.TraceMap;
}

/** What was done to a text with `MagicString`. */
export function stepOf(text: MagicString): Step {
  return makeStep(text.original, text.toString(), text.generateDecodedMap({ hires: true }));
}

export function makeStep(source: string, generated: string, map: unknown): Step {
  return { source, generated, map: new (tracing().TraceMap)(map as TraceMapping.SourceMapInput) };
}

/** Follows a place back through `steps`, the last one first; null for code that has no source. */
export function trace(steps: readonly Step[], place: Place): Place | null {
  let current: Place | null = place;
  for (const step of steps) current = current && stepBack(step, current);
  return current;
}

function stepBack({ source, generated, map }: Step, { line, column }: Place): Place | null {
  const segment = segmentAt(map, line, column);
  if (!segment) return null;
  const start: Place = { line: segment[2] + 1, column: segment[3] + 1 };
  if (segment[0] >= column - 1) return start;
  const from = offsetOf(generated, { line, column: segment[0] + 1 });
  const to = offsetOf(generated, { line, column });
  const offset = alongside(source, offsetOf(source, start), generated, from, to);
  return offset === null ? start : placeOf(source, offset);
}

/** The last mark at or before a place; code that was put at the start of a line belongs to what follows it. */
function segmentAt(map: TraceMapping.TraceMap, line: number, column: number) {
  const segments = tracing().decodedMappings(map)[line - 1]?.filter(hasSource);
  return segments?.findLast(([start]) => start < column) ?? segments?.[0];
}

function hasSource(
  segment: TraceMapping.SourceMapSegment,
): segment is Exclude<TraceMapping.SourceMapSegment, [number]> {
  return segment.length > 1;
}

/**
 * Maps mark the starts of expressions, errors may point at an operator behind: goes from `from` to `to` in the code, and
 * as far in the source, as long as both say the same but for spaces and comments.
 */
function alongside(source: string, start: number, generated: string, from: number, to: number): number | null {
  let at = start;
  for (let i = from; i <= to; i++) {
    if (i < to && isSpace(generated[i])) continue;
    at = afterSpace(source, at);
    if (!isSame(source[at], generated[i])) return null;
    if (i < to) at++;
  }
  return at;
}

function afterSpace(text: string, start: number): number {
  const space = /(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/y;
  space.lastIndex = start;
  space.exec(text);
  return Math.max(start, space.lastIndex);
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && `'"`.includes(a) && `'"`.includes(b));
}
