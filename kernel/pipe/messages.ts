/** Data and metadata of one output, by MIME type. */
export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** One message of a comm, either way; its buffers travel beside it. */
export interface CommEvent {
  readonly event: "open" | "message" | "close";
  readonly comm: string;
  /** With `open`: what the comm is for. */
  readonly target?: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What the supervisor asks of the user process. */
export type ToUser =
  | {
      readonly type: "execute";
      /** Names the cell on the pipe. */
      readonly cell: number;
      /** The place in the notebook, the same when it runs again; not every front end has one. */
      readonly place?: string | undefined;
      /** Names it in stack traces: `Cell[count]`. */
      readonly count: number;
      readonly code: string;
      readonly silent: boolean;
      /** Stops that came before it: one that comes later is meant for it as well, even if it has not begun. */
      readonly stops: number;
      readonly expressions: Readonly<Record<string, string>>;
    }
  /** `cell` names the message on the pipe, as it does a cell; it is never the number of a cell. */
  | ({ readonly type: "comm"; readonly cell: number } & CommEvent)
  | { readonly type: "input"; readonly id: number; readonly value: string }
  | { readonly type: "input-refused"; readonly id: number; readonly reason: string }
  | { readonly type: "complete"; readonly id: number; readonly code: string; readonly cursor: number }
  | { readonly type: "inspect"; readonly id: number; readonly code: string; readonly cursor: number };

export interface RuntimeCompletion {
  readonly matches: readonly { readonly text: string; readonly kind: string }[];
  readonly start: number;
  readonly end: number;
}

export type ExpressionResult = ({ readonly status: "ok" } & Bundle) | ({ readonly status: "error" } & Failure);

/** How a cell, or the handling of a comm message, ended. */
export type Outcome =
  | {
      readonly status: "ok";
      /** Of its last expression, unless that is undefined. */
      readonly result?: Bundle | undefined;
      readonly expressions: Readonly<Record<string, ExpressionResult>>;
    }
  | ({ readonly status: "error" } & Failure);

/** What the user process reports, in the order in which it happened; `cell` is the cell or comm message that it comes from. */
export type FromUser =
  | { readonly type: "ready" }
  /** What the running cell declares: name to kind, such as `const` or `function`. */
  | { readonly type: "declared"; readonly names: Readonly<Record<string, string>> }
  /** So many stops have taken effect. */
  | { readonly type: "stopped"; readonly stops: number }
  | { readonly type: "stream"; readonly cell: number; readonly name: "stdout" | "stderr"; readonly text: string }
  | ({
      readonly type: "display";
      readonly cell: number;
      readonly displayId?: string;
      readonly update: boolean;
    } & Bundle)
  | { readonly type: "clear"; readonly cell: number; readonly wait: boolean }
  | ({ readonly type: "error"; readonly cell: number } & Failure)
  | {
      readonly type: "input";
      readonly cell: number;
      readonly id: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  | ({ readonly type: "comm"; readonly cell: number } & CommEvent)
  | { readonly type: "completion"; readonly id: number; readonly completion: RuntimeCompletion | null }
  | { readonly type: "inspection"; readonly id: number; readonly text: string | null }
  | { readonly type: "done"; readonly cell: number; readonly outcome: Outcome };

/**
 * Records on the interrupt pipe: what to stop, then how many frames the supervisor had sent by then. Back comes text, the
 * memory of the process.
 */
export const stopRecordSize = 5;
const withChildren = 1;

/** @param children - The programs that the code started stop as well. */
export function stopRecord(children: boolean, framesSent: number): Buffer {
  const record = Buffer.alloc(stopRecordSize);
  record.writeUInt8(children ? withChildren : 0, 0);
  record.writeUInt32LE(framesSent >>> 0, 1);
  return record;
}

export function readStopRecord(record: Buffer): { readonly children: boolean; readonly framesSent: number } {
  return { children: record.readUInt8(0) === withChildren, framesSent: record.readUInt32LE(1) };
}

export const memoryPrefix = "rss ";
