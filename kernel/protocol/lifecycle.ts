import { messageType } from "./message.js";

export interface ShutdownRequest {
  readonly restart?: boolean;
}

export interface ShutdownReply {
  readonly status: "ok";
  readonly restart: boolean;
}

export const shutdown = messageType<ShutdownRequest, ShutdownReply>("shutdown", { restart: "boolean?" });

export const interrupt = messageType<Record<string, never>, { readonly status: "ok" }>("interrupt");
