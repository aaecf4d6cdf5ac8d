import type { WireFrame } from "../protocol/wire.js";

/** The part of a ZeroMQ socket that a queue needs. */
export interface FrameSink {
  send(frames: WireFrame[]): Promise<void>;
}

/**
 * The one writer of a socket. zeromq.js allows a single send in flight and fails with EBUSY after it, so every message
 * waits here for the one before.
 */
export class SendQueue {
  private readonly waiting: WireFrame[][] = [];
  private pumping: Promise<void> | undefined;

  constructor(
    private readonly socket: FrameSink,
    private readonly onError: (error: Error) => void,
  ) {}

  send(frames: WireFrame[]): void {
    this.waiting.push(frames);
    // In a microtask: what a handler does at once (above all handing the cell to the user process) goes first.
    this.pumping ??= Promise.resolve().then(() => this.pump());
  }

  /** Settles when everything handed in so far is with ZeroMQ. */
  async drained(): Promise<void> {
    await this.pumping;
  }

  private async pump(): Promise<void> {
    for (let at = 0; at < this.waiting.length; at++) {
      try {
        await this.socket.send(this.waiting[at]!);
      } catch (error) {
        this.onError(error as Error);
      }
    }
    this.waiting.length = 0;
    this.pumping = undefined;
  }
}
