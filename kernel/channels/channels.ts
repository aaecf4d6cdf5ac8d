import { Router, type Socket, XPublisher } from "zeromq";
import type { Message, Outgoing } from "../protocol/message.js";
import { type Wire, WireError } from "../protocol/wire.js";
import { type ChannelName, ConnectionError, type ConnectionInfo, endpoint } from "./connection.js";
import { ReplayGuard } from "./replay-guard.js";
import { SendQueue } from "./send-queue.js";

export type RequestChannel = "shell" | "control" | "stdin";

export interface ChannelEvents {
  onMessage(channel: RequestChannel, message: Message): void;
  /** A client subscribed to iopub; its first message, iopub_welcome, is already on the way. */
  onSubscribe(): void;
  onDropped(reason: string): void;
}

/** The five sockets of a kernel. Everything comes in verified and once, everything goes out signed and in order. */
export class Channels {
  private readonly routers: Record<RequestChannel, Router>;
  private readonly iopub = new XPublisher();
  private readonly heartbeat = new Router();
  private readonly queues: Record<RequestChannel | "iopub", SendQueue>;
  private readonly replays = new ReplayGuard();
  private closed = false;

  constructor(
    private readonly wire: Wire,
    private readonly events: ChannelEvents,
  ) {
    const router = () => new Router({ handover: true, linger: 1000, sendHighWaterMark: 0 });
    this.routers = { shell: router(), control: router(), stdin: router() };
    this.iopub.linger = 1000;
    this.iopub.sendHighWaterMark = 0;
    this.iopub.verbosity = "allSubs";
    this.heartbeat.linger = 0;
    const queue = (socket: Router | XPublisher) =>
      new SendQueue(socket, (error) => this.closed || events.onDropped(`a send failed: ${error.message}`));
    this.queues = {
      shell: queue(this.routers.shell),
      control: queue(this.routers.control),
      stdin: queue(this.routers.stdin),
      iopub: queue(this.iopub),
    };
  }

  /** Binds all five sockets and starts to listen. */
  async open(info: ConnectionInfo): Promise<void> {
    const sockets: [ChannelName, Socket & { bind(address: string): Promise<void> }][] = [
      ["shell", this.routers.shell],
      ["control", this.routers.control],
      ["stdin", this.routers.stdin],
      ["iopub", this.iopub],
      ["hb", this.heartbeat],
    ];
    await Promise.all(sockets.map(([name, socket]) => bind(socket, name, endpoint(info, name))));
    for (const channel of ["shell", "control", "stdin"] as const) void this.listen(channel);
    void this.welcome();
    void this.echo();
  }

  send(channel: RequestChannel, to: readonly Buffer[], message: Outgoing): void {
    this.queues[channel].send(this.wire.encode(to, message));
  }

  publish(message: Outgoing): void {
    this.queues.iopub.send(this.wire.encode([message.type], message));
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.queues).map((queue) => queue.drained()));
    this.closed = true;
    for (const socket of [...Object.values(this.routers), this.iopub, this.heartbeat]) socket.close();
  }

  private async listen(channel: RequestChannel): Promise<void> {
    await this.each(this.routers[channel], (frames) => {
      try {
        const { signature, message } = this.wire.decode(frames);
        if (signature !== "" && !this.replays.admit(signature)) throw new WireError("a message seen before");
        this.events.onMessage(channel, message);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.events.onDropped(error.message);
      }
    });
  }

  /** JEP 65: every subscriber is told when its subscription is in place, so it knows from where on it hears all. */
  private async welcome(): Promise<void> {
    await this.each(this.iopub, ([event]) => {
      if (event?.[0] !== 1) return;
      const topic = event.subarray(1);
      const content = { subscription: topic.toString() };
      this.queues.iopub.send(this.wire.encode([topic], { type: "iopub_welcome", content }));
      this.events.onSubscribe();
    });
  }

  private async echo(): Promise<void> {
    await this.each(this.heartbeat, (frames) => this.heartbeat.send(frames));
  }

  private async each(socket: AsyncIterable<Buffer[]>, work: (frames: Buffer[]) => unknown): Promise<void> {
    try {
      for await (const frames of socket) await work(frames);
    } catch (error) {
      if (!this.closed) throw error;
    }
  }
}

async function bind(socket: { bind(address: string): Promise<void> }, name: string, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "the port is taken by another program" : message;
    throw new ConnectionError(`etude: cannot listen on ${address} (${name}): ${why}. Start the kernel again.`);
  }
}
