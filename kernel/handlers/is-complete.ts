import type { EndReader } from "../cells/end-reader.js";
import { type IsCompleteReply, isComplete } from "../protocol/is-complete.js";
import { handle } from "./handle.js";

let reader: Promise<EndReader> | undefined;

export const handleIsComplete = handle(isComplete, async ({ code }): Promise<IsCompleteReply> => {
  // Consoles ask this, notebooks do not: the parser is loaded when the first one asks.
  reader ??= import("../cells/end-reader.js").then(({ EndReader }) => new EndReader());
  const end = await (await reader).endOf(code);
  if (!end) return { status: "unknown" };
  return end.kind === "open" ? { status: "incomplete", indent: end.indent } : { status: end.kind };
});
