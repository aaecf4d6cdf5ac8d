import { messageType } from "./message.js";

export interface HistoryRequest {
  readonly output?: boolean;
  readonly raw?: boolean;
  readonly hist_access_type: "range" | "tail" | "search";
  /** For "range": 0 is this session, -1 the one before. */
  readonly session?: number;
  readonly start?: number;
  readonly stop?: number;
  readonly n?: number;
  /** For "search": a glob with `*` and `?`. */
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** Session, line and the cell's text (with its output when that was asked for). */
export type HistoryItem = readonly [number, number, string | readonly [string, string | null]];

export interface HistoryReply {
  readonly status: "ok";
  readonly history: readonly HistoryItem[];
}

export const history = messageType<HistoryRequest, HistoryReply>("history", {
  output: "boolean?",
  raw: "boolean?",
  hist_access_type: ["range", "tail", "search"],
  session: "number?",
  start: "number?",
  stop: "number?",
  n: "number?",
  pattern: "string?",
  unique: "boolean?",
});
