import type { Execution } from "../execution/execution.js";
import type { History } from "../execution/history.js";
import type { Usage } from "../execution/usage.js";
import type { Language } from "../language/language.js";
import type { FieldRules } from "../protocol/fields.js";
import type { KernelInfoReply } from "../protocol/kernel-info.js";
import type { Message, MessageType } from "../protocol/message.js";
import type { TypeCheck } from "./type-check.js";

/** What the handlers work with. */
export interface HandlerContext {
  readonly info: KernelInfoReply;
  readonly execution: Execution;
  /** Comes a moment after the kernel itself. */
  readonly language: Promise<Language>;
  readonly typeCheck: TypeCheck;
  readonly history: History;
  readonly usage: Usage;
  /** Ends the kernel once the reply is sent. */
  readonly shutDown: () => void;
}

/** Serves one kind of request. Busy, the reply and idle are sent around it by the request server, never by a handler. */
export interface Handler {
  readonly request: string;
  readonly reply: string;
  readonly fields: FieldRules<Record<string, unknown>>;
  /** Answered without busy and idle around it. */
  readonly isQuiet?: boolean;
  serve(content: unknown, context: HandlerContext, message: Message): object | Promise<object>;
}

export function handle<Request, Reply extends object>(
  type: MessageType<Request, Reply>,
  serve: (content: Request, context: HandlerContext, message: Message<Request>) => Reply | Promise<Reply>,
): Handler {
  return { ...type, serve: serve as Handler["serve"] };
}
