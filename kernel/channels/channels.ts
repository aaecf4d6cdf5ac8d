import { Router, XPublisher } from "zeromq";
import type { Message, Outgoing } from "../protocol/message.js";
import { type Wire, WireError } from "../protocol/wire.js";
import { bind } from "./bind.js";
import { type Address, type ChannelName, channelNames, type Ports } from "./connection.js";
import { curveServer } from "./curve.js";
import { ReplayGuard } from "./replay-guard.js";
import { SendQueue } from "./send-queue.js";

export type RequestChannel = "shell" | "control" | "stdin";

export interface ChannelEvents {
  onMessage(channel: RequestChannel, message: Message): void;
  /** A client subscribed to iopub; its first message, iopub_welcome, is already on the way. */
  onSubscribe(): void;
  onDropped(reason: string): void;
}

/**
 * A client that sends a larger frame is disconnected. JavaScript cannot hold a longer text, so JSON of that size could
 * never be read, and no buffer of a notebook comes near.
 */
const maxMessageSize = 2 ** 29;

/** The five sockets of a kernel. Everything comes in verified and once, everything goes out signed and in order. */
export class Channels {
  private readonly routers: Record<RequestChannel, Router>;
  private readonly iopub: XPublisher;
  private readonly heartbeat: Router;
  private readonly queues: Record<RequestChannel | "iopub", SendQueue>;
  private readonly replays = new ReplayGuard();
  private closed = false;

  constructor(
    private readonly address: Address & Partial<Ports>,
    private readonly wire: Wire,
    private readonly events: ChannelEvents,
  ) {
    const options = { linger: 1000, sendHighWaterMark: 0, maxMessageSize, ...curveServer(address) };
    const router = () => new Router({ ...options, handover: true });
    this.routers = { shell: router(), control: router(), stdin: router() };
    this.iopub = new XPublisher(options);
    this.iopub.verbosity = "allSubs";
    this.heartbeat = new Router({ ...options, linger: 0 });
    const queue = (socket: Router | XPublisher) =>
      new SendQueue(socket, (error) => this.closed || events.onDropped(`a send failed: ${error.message}`));
    this.queues = {
      shell: queue(this.routers.shell),
      control: queue(this.routers.control),
      stdin: queue(this.routers.stdin),
      iopub: queue(this.iopub),
    };
  }

  /** Binds all five sockets, starts to listen, and returns where. */
  async open(): Promise<Ports> {
    const sockets = { ...this.routers, iopub: this.iopub, hb: this.heartbeat };
    const bound = async (name: ChannelName) => [`${name}_port`, await bind(sockets[name], name, this.address)];
    const ports = Object.fromEntries(await Promise.all(channelNames.map(bound)));
    for (const channel of ["shell", "control", "stdin"] as const) void this.listen(channel);
    void this.welcome();
    void this.echo();
    return ports;
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
