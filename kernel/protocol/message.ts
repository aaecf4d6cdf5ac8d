import { v4 as uuid } from "uuid";
import type { FieldRules } from "./fields.js";

/** The first frame of every Jupyter message; `parent_header` is the header of the request that caused it. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

/** A message that came in, its signature already verified. */
export interface Message<Content = unknown> {
  /** Routing prefix: who sent it, and so where the reply goes. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  /** The header as it came, character for character: the parent header of everything this message causes. */
  readonly headerText: string;
  readonly parent: Partial<Header>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Content;
  readonly buffers: readonly Buffer[];
}

/** A message to send. */
export interface Outgoing {
  readonly type: string;
  /** Its msg_id, for who wants to know the answer to it again. @default a new one */
  readonly id?: string | undefined;
  readonly content: object;
  /** Header of the request, as it came behind it; without one the parent header is empty. */
  readonly parent?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
}

export const protocolVersion = "5.5";

/** Headers of one session: ours is new in every kernel process. */
export class HeaderMaker {
  readonly session = uuid();

  make(type: string, id: string = uuid()): Header {
    return {
      msg_id: id,
      msg_type: type,
      session: this.session,
      username: "etude",
      date: new Date().toISOString(),
      version: protocolVersion,
    };
  }
}

/** A request and its reply under one name; the types travel with the name. */
export interface MessageType<Request, Reply> {
  readonly request: string;
  readonly reply: string;
  /** What the fields of a request must be, whatever else it holds. */
  readonly fields: FieldRules<Request>;
  /** Never set: holds the two types for inference. */
  readonly types?: { readonly request: Request; readonly reply: Reply };
}

export function messageType<Request, Reply>(
  name: string,
  fields: FieldRules<Request> = {},
): MessageType<Request, Reply> {
  return { request: `${name}_request`, reply: `${name}_reply`, fields };
}

/** What a reply says when its request could not be served. */
export interface ErrorReply {
  readonly status: "error";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}
