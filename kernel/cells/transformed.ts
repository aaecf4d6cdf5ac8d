import type * as acorn from "acorn";
import type { CompilerSettings } from "./settings.js";
import type { Step } from "./trace.js";

export type Language = "tsx" | "ts" | "jsx";

export interface TransformOptions {
  /** The languages to read the text as; the first that fits. */
  readonly languages: readonly Language[];
  readonly settings: CompilerSettings;
  /** A part of a session, whose imports other cells may use; a whole file drops those it uses as types only. */
  readonly isCell: boolean;
}

/** JavaScript that the oldest Node we run on understands, and its syntax tree. */
export interface Transformed {
  readonly code: string;
  readonly program: acorn.Program;
  /** From `code` back to the source, the last step first. Made anew at each call: only an error needs them. */
  steps(): Step[];
}
