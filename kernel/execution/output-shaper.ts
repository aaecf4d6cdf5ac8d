import { commEvent } from "../protocol/comm.js";
import type { Outgoing } from "../protocol/message.js";
import { OutputQueue, type QueueItem, type StreamName, type StreamText } from "./output-queue.js";
import { Overflow } from "./overflow.js";
import { PrintedText } from "./printed-text.js";
import type { RateWindow } from "./rate-window.js";
import type { SpillFile } from "./spill-file.js";

/** Where shaped output goes: iopub, in order. */
export type Publish = (message: Outgoing) => void;

export interface ShaperOptions {
  /** Header of the request, as it came. */
  readonly parent: string;
  /** The cell shows nothing; its comms work. */
  readonly silent: boolean;
  readonly publish: Publish;
  /** What all cells of the kernel may send. */
  readonly rate: RateWindow;
  /** Makes the file of a cell that prints too much. */
  readonly spill: () => SpillFile;
  /** Called when more waits than should: the user process is not read from until the promise settles. */
  readonly hold: (until: Promise<unknown>) => void;
}

/** Streams and display updates wait this long for more of their kind, so a cell sends at most 20 messages a second. */
const mergeMs = 50;
/** Of a cell that prints more, the head and the tail are shown. */
const maxShownBytes = 10e6;
/** A cell that goes on for longer after that says where its text is. */
const noteAfterMs = 1000;
const maxWaiting = 1000;
const maxWaitingBytes = 16e6;
/** Header, metadata and names of a stream message, at most. */
const envelopeBytes = 512;

/**
 * Shapes the output of one cell: neighbouring stream text becomes one message, an update of a display replaces the one
 * before it that was not sent yet, and everything else keeps its place among them. What the rate does not admit waits.
 */
export class OutputShaper {
  private readonly queue = new OutputQueue();
  private readonly envelope: number;
  /** The first half of a character whose other half is still to come. */
  private readonly halves: Record<StreamName, string> = { stdout: "", stderr: "" };
  private printed = new PrintedText();
  private overflow: Overflow | undefined;
  /** What is printed while the overflow ends. */
  private afterwards: StreamText[] | undefined;
  private ending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private note: NodeJS.Timeout | undefined;
  private waitingBytes = 0;
  private release: (() => void) | undefined;
  private isCutShort = false;
  private onCut: () => void = () => {};
  private readonly cut = new Promise<void>((resolve) => {
    this.onCut = resolve;
  });
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly options: ShaperOptions) {
    this.envelope = envelopeBytes + Buffer.byteLength(options.parent);
  }

  get parent(): string {
    return this.options.parent;
  }

  /** What the cell, its libraries or its children print. */
  text(name: StreamName, text: string): void {
    const joined = this.halves[name] + text;
    const last = joined.charCodeAt(joined.length - 1);
    this.halves[name] = (last & 0xfc00) === 0xd800 ? joined.slice(-1) : "";
    const whole = joined.slice(0, joined.length - this.halves[name].length).toWellFormed();
    if (whole !== "") this.print({ name, text: whole });
  }

  /** What the kernel has to say; it is shown however much the cell prints. */
  say(text: string): void {
    if (this.options.silent || text === "") return;
    this.queue.addText({ name: "stderr", text: text.toWellFormed() }, false);
    this.later();
  }

  /** Any output that keeps its place: a display, a result, an error, clear_output. */
  send(message: Omit<Outgoing, "parent">): void {
    if (this.options.silent && !commEvent(message.type)) return;
    if (message.type === "clear_output" && !this.overflow) this.printed = new PrintedText();
    const isLast = message.type === "execute_result" || message.type === "error";
    const item = this.queue.addMessage({ ...message, parent: this.parent }, isLast);
    this.flush(false);
    if (!this.queue.has(item)) return;
    item.bytes = JSON.stringify(message.content).length;
    for (const { byteLength } of message.buffers ?? []) item.bytes += byteLength;
    this.waitingBytes += item.bytes;
    this.holdWhileFull();
  }

  update(displayId: string, message: Omit<Outgoing, "parent">): void {
    if (this.options.silent) return;
    this.queue.addUpdate(displayId, { ...message, parent: this.parent });
    this.later();
  }

  /**
   * Sends what waits, as far as the rate admits it, and returns whether that was all.
   *
   * @param due - Updates need not wait any longer for newer ones.
   */
  flush(due = true): boolean {
    if (due) {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    let wait = 0;
    for (let item = this.queue.next(due); item; item = this.queue.next(due)) {
      wait = this.admit(item);
      if (wait > 0) break;
      this.queue.remove(item);
      this.options.publish(this.messageOf(item));
    }
    if (this.queue.length > 0) this.later(wait);
    if (this.queue.length <= maxWaiting / 2 && this.waitingBytes <= maxWaitingBytes / 2) this.letGo();
    if (this.queue.length === 0) this.goOn();
    return this.queue.length === 0 && !this.overflow;
  }

  /** Settles when all output has been sent, with the tail of a text that was too long. */
  async settled(): Promise<void> {
    for (const name of ["stdout", "stderr"] as const) {
      if (this.halves[name] !== "") this.print({ name, text: "\ufffd" });
      this.halves[name] = "";
    }
    for (;;) {
      if (this.overflow) {
        this.ending ??= this.endOverflow(this.overflow);
        await this.ending;
      }
      if (this.flush()) return;
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
  }

  /** All is sent. What comes later is counted anew. */
  ended(): void {
    this.printed = new PrintedText();
  }

  /** The user does not want to wait, for the rate or a slow disk: text that cannot be sent now is treated as too long. */
  cutShort(): void {
    this.isCutShort = true;
    this.onCut();
    this.flush();
    if (this.queue.hasText && !this.overflow) this.beginOverflow();
    this.letGo();
  }

  /** The kernel ends: sends what waits, whatever the rate. */
  async dispose(): Promise<void> {
    clearTimeout(this.timer);
    clearTimeout(this.note);
    for (let item = this.queue.next(true); item; item = this.queue.next(true)) {
      this.queue.remove(item);
      this.options.publish(this.messageOf(item));
    }
    await this.overflow?.end(this.cut);
  }

  private print(part: StreamText): void {
    if (this.options.silent) return;
    if (this.afterwards) {
      this.afterwards.push(part);
    } else if (this.overflow) {
      const written = this.overflow.add(part);
      if (written) this.options.hold(Promise.race([written, this.cut]));
    } else {
      this.printed.add(part.text);
      this.queue.addText(part, false);
      if (this.printed.bytes > maxShownBytes) this.beginOverflow();
      else this.later();
      this.holdWhileFull();
    }
  }

  private beginOverflow(): void {
    this.flush();
    const overflow = new Overflow(this.options.spill(), this.printed.all(), this.queue.takeText());
    this.overflow = overflow;
    this.printed = new PrintedText();
    this.note = setTimeout(() => this.say(overflow.note()), noteAfterMs);
    this.goOn();
  }

  private async endOverflow(overflow: Overflow): Promise<void> {
    const afterwards: StreamText[] = [];
    this.afterwards = afterwards;
    const parts = await overflow.end(this.cut);
    clearTimeout(this.note);
    this.overflow = undefined;
    this.afterwards = undefined;
    this.ending = undefined;
    for (const part of parts) this.queue.addText(part, true);
    for (const part of afterwards) this.print(part);
  }

  /** 0 if the item may be sent now, or in how many ms to ask again. */
  private admit(item: QueueItem): number {
    const { rate } = this.options;
    if (item.kind === "stream") return rate.admit("stream", item.wireBytes + this.envelope, item.isLast);
    return rate.admit(item.message.type, 0, item.kind === "message" && item.isLast);
  }

  private messageOf(item: QueueItem): Outgoing {
    if (item.kind === "stream") {
      return { type: "stream", content: { name: item.name, text: item.parts.join("") }, parent: this.parent };
    }
    if (item.kind === "message") this.waitingBytes -= item.bytes;
    return item.message;
  }

  private later(ms = 0): void {
    this.timer ??= setTimeout(() => this.flush(), Math.max(mergeMs, Math.ceil(ms)));
  }

  private goOn(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  private holdWhileFull(): void {
    const isFull = this.queue.length > maxWaiting || this.waitingBytes > maxWaitingBytes;
    if (!isFull || this.release || this.isCutShort) return;
    this.options.hold(
      new Promise<void>((resolve) => {
        this.release = resolve;
      }),
    );
  }

  private letGo(): void {
    this.release?.();
    this.release = undefined;
  }
}
