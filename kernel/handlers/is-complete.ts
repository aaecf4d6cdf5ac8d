import { endOf } from "../cells/end-of.js";
import { type IsCompleteReply, isComplete } from "../protocol/is-complete.js";
import { handle } from "./handle.js";

export const handleIsComplete = handle(isComplete, ({ code }): IsCompleteReply => {
  const end = endOf(code);
  return end.kind === "open" ? { status: "incomplete", indent: end.indent } : { status: end.kind };
});
