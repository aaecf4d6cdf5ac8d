import { messageType } from "./message.js";

export interface CommInfoRequest {
  readonly target_name?: string;
}

export interface CommInfoReply {
  readonly status: "ok";
  readonly comms: Readonly<Record<string, { readonly target_name: string }>>;
}

export const commInfo = messageType<CommInfoRequest, CommInfoReply>("comm_info", { target_name: "string?" });

/** The messages of a comm, the same in both directions. They have no reply. */
export const commTypes = { open: "comm_open", message: "comm_msg", close: "comm_close" } as const;

export type CommEventName = keyof typeof commTypes;

export interface CommContent {
  readonly comm_id: string;
  /** With `comm_open`. */
  readonly target_name?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What a message does to a comm; undefined if it is not one of a comm. */
export function commEvent(type: string): CommEventName | undefined {
  return (Object.keys(commTypes) as CommEventName[]).find((event) => commTypes[event] === type);
}
