import { messageType } from "./message.js";

export interface CommInfoRequest {
  readonly target_name?: string;
}

export interface CommInfoReply {
  readonly status: "ok";
  readonly comms: Readonly<Record<string, { readonly target_name: string }>>;
}

export const commInfo = messageType<CommInfoRequest, CommInfoReply>("comm_info", { target_name: "string?" });

export interface CommOpen {
  readonly comm_id: string;
  readonly target_name: string;
  readonly data: Readonly<Record<string, unknown>>;
}
