import { type ErrorReply, messageType } from "./message.js";

export interface ExecuteRequest {
  readonly code: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly user_expressions?: Readonly<Record<string, string>>;
  readonly allow_stdin?: boolean;
  readonly stop_on_error?: boolean;
}

export type UserExpression = { readonly status: "ok"; readonly data: object; readonly metadata: object } | ErrorReply;

export type ExecuteReply = { readonly execution_count: number } & (
  | {
      readonly status: "ok";
      readonly payload: readonly object[];
      readonly user_expressions: Readonly<Record<string, UserExpression>>;
    }
  | ErrorReply
  | { readonly status: "aborted" }
);

export const execute = messageType<ExecuteRequest, ExecuteReply>("execute", {
  code: "string",
  silent: "boolean?",
  store_history: "boolean?",
  user_expressions: "strings?",
  allow_stdin: "boolean?",
  stop_on_error: "boolean?",
});
