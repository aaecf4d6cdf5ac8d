import { messageType } from "./message.js";

export interface CompleteRequest {
  readonly code: string;
  /** In Unicode code points, not UTF-16 units. */
  readonly cursor_pos: number;
}

export interface CompleteReply {
  readonly status: "ok";
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: {
    /** Entry i describes match i; JupyterLab shows the type as an icon. */
    readonly _jupyter_types_experimental?: readonly {
      readonly text: string;
      readonly type: string;
      readonly signature?: string;
      readonly start: number;
      readonly end: number;
    }[];
  };
}

export const complete = messageType<CompleteRequest, CompleteReply>("complete", {
  code: "string",
  cursor_pos: "number",
});
