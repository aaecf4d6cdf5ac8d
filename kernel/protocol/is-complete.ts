import { messageType } from "./message.js";

export interface IsCompleteRequest {
  readonly code: string;
}

export type IsCompleteReply =
  | { readonly status: "complete" | "invalid" | "unknown" }
  | { readonly status: "incomplete"; readonly indent: string };

export const isComplete = messageType<IsCompleteRequest, IsCompleteReply>("is_complete", { code: "string" });
