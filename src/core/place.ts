/**
 * Where an error was thrown: the place in a cell, such as `"Cell[3]:4:11"`, or outside a notebook that in a file. Null if its
 * stack does not say.
 */
export function placeOf(error: unknown): string | null {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const places = frames.flatMap((line) => /(?:\(|at (?:async )?)([^()]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  return places.find((place) => place.startsWith("Cell[")) ?? places[0] ?? null;
}
