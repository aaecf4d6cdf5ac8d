import { type IsCompleteReply, isComplete } from "../protocol/is-complete.js";
import { handle } from "./handle.js";

export const handleIsComplete = handle(isComplete, async ({ code }): Promise<IsCompleteReply> => {
  // Consoles ask this, notebooks do not: the parser is loaded when the first one asks.
  const { endOf } = await import("../cells/end-of.js");
  const end = endOf(code);
  return end.kind === "open" ? { status: "incomplete", indent: end.indent } : { status: end.kind };
});
