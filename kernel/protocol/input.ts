/** Kernel to client on the stdin channel: ask the person for a line. */
export interface InputRequest {
  readonly prompt: string;
  readonly password: boolean;
}

/** The client's answer. */
export interface InputReply {
  readonly value: string;
}
