import { messageType } from "./message.js";

export interface InspectRequest {
  readonly code: string;
  /** In Unicode code points, not UTF-16 units. */
  readonly cursor_pos: number;
  readonly detail_level?: 0 | 1;
}

export interface InspectReply {
  readonly status: "ok";
  readonly found: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const inspect = messageType<InspectRequest, InspectReply>("inspect", {
  code: "string",
  cursor_pos: "number",
  detail_level: [0, 1, null],
});
