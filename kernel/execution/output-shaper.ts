import type { Outgoing } from "../protocol/message.js";

export type StreamName = "stdout" | "stderr";

/** Where shaped output goes: iopub, in order. */
export type Publish = (message: Outgoing) => void;

/** Streams and display updates wait this long for more of their kind, so a cell sends at most 20 messages a second. */
const mergeMs = 50;
const maxStreamMessage = 512 * 1024;

/**
 * Shapes the output of one cell: neighbouring stream text becomes one message, an update of a display replaces the one
 * before it that was not sent yet, and everything else keeps its place among them.
 */
export class OutputShaper {
  private stream: { readonly name: StreamName; readonly parts: string[]; size: number } | undefined;
  private readonly updates = new Map<string, Outgoing>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly parent: string,
    private readonly publish: Publish,
  ) {}

  text(name: StreamName, text: string): void {
    if (text === "") return;
    if (this.stream && (this.stream.name !== name || this.stream.size > maxStreamMessage)) this.flushStream();
    this.stream ??= { name, parts: [], size: 0 };
    this.stream.parts.push(text);
    this.stream.size += text.length;
    this.timer ??= setTimeout(() => this.flush(), mergeMs);
  }

  /** Any output that keeps its place: a display, a result, an error, clear_output. */
  send(message: Omit<Outgoing, "parent">): void {
    this.flushStream();
    this.publish({ ...message, parent: this.parent });
  }

  update(displayId: string, message: Omit<Outgoing, "parent">): void {
    this.updates.set(displayId, { ...message, parent: this.parent });
    this.timer ??= setTimeout(() => this.flush(), mergeMs);
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushStream();
    for (const update of this.updates.values()) this.publish(update);
    this.updates.clear();
  }

  private flushStream(): void {
    if (!this.stream) return;
    const { name, parts } = this.stream;
    this.stream = undefined;
    this.publish({ type: "stream", content: { name, text: parts.join("").toWellFormed() }, parent: this.parent });
  }
}
