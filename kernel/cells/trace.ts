import { originalPositionFor, type TraceMap } from "@jridgewell/trace-mapping";

/** A character of a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Follows a place back through `maps`, the last step's first; null for text that has no source. */
export function trace(maps: readonly TraceMap[], line: number, column: number): Place | null {
  let place: Place = { line, column };
  for (const map of maps) {
    const origin = originalPositionFor(map, { line: place.line, column: place.column - 1 });
    if (origin.line === null) return null;
    place = { line: origin.line, column: origin.column + 1 };
  }
  return place;
}
