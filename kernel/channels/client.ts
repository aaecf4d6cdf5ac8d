import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { HeaderMaker, type Message } from "../protocol/message.js";
import { Wire, WireError } from "../protocol/wire.js";
import { type ConnectionInfo, endpoint } from "./connection.js";
import { curveClient } from "./curve.js";
import { SendQueue } from "./send-queue.js";

/** A kernel that is just starting is tried again after this many ms; ZeroMQ's own default of 100 would be felt. */
const reconnectInterval = 5;

type ClientChannel = "shell" | "control" | "stdin";

export interface RequestOptions {
  readonly channel?: "shell" | "control";
  /** Of the request, such as the `cellId` that JupyterLab sends. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
  /** Called with the reply, which may come before idle. */
  readonly onReply?: (reply: Message<never>) => void;
  /** Called with every iopub message of this request, as it comes. */
  readonly onOutput?: (message: Message<never>) => void;
  /** Answers an input_request; without it the cell waits. */
  readonly onInput?: (prompt: string, password: boolean) => string | Promise<string>;
}

export interface Answer<Reply> {
  readonly reply: Message<Reply>;
  /** Every iopub message of the request, busy and idle included, in order. */
  readonly outputs: readonly Message<never>[];
}

interface Pending {
  readonly options: RequestOptions;
  readonly hasReply: boolean;
  readonly outputs: Message<never>[];
  readonly resolve: (entry: Pending) => void;
  readonly reject: (error: Error) => void;
  reply?: Message<never>;
  idle: boolean;
}

/** A client of a running kernel: sends requests, collects what comes back for each. */
export class KernelClient {
  private readonly headers = new HeaderMaker();
  private readonly wire: Wire;
  private readonly dealers: Record<ClientChannel, Dealer>;
  private readonly queues: Record<ClientChannel, SendQueue>;
  private readonly iopub: Subscriber;
  private readonly heartbeat: Dealer;
  private readonly pending = new Map<string, Pending>();
  private closed = false;
  /** Sees every iopub message, whatever request it belongs to. */
  onIopub: (message: Message<never>) => void = () => {};

  constructor(private readonly connection: ConnectionInfo) {
    this.wire = new Wire(connection.key, connection.signature_scheme, this.headers);
    const routingId = randomUUID();
    const options = { linger: 0, receiveHighWaterMark: 0, reconnectInterval, ...curveClient(connection) };
    const dealer = () => new Dealer({ ...options, routingId, sendHighWaterMark: 0 });
    this.dealers = { shell: dealer(), control: dealer(), stdin: dealer() };
    const queue = (socket: Dealer) => new SendQueue(socket, (error) => this.fail(error));
    this.queues = {
      shell: queue(this.dealers.shell),
      control: queue(this.dealers.control),
      stdin: queue(this.dealers.stdin),
    };
    this.iopub = new Subscriber(options);
    this.heartbeat = new Dealer(options);
  }

  /** Connects all sockets; settles when the kernel has welcomed the iopub subscription. */
  async connect(): Promise<void> {
    for (const channel of ["shell", "control", "stdin"] as const) {
      this.dealers[channel].connect(endpoint(this.connection, channel));
    }
    this.heartbeat.connect(endpoint(this.connection, "hb"));
    this.iopub.connect(endpoint(this.connection, "iopub"));
    for (const channel of ["shell", "control", "stdin"] as const) {
      void this.listen(this.dealers[channel], (message) => this.receive(channel, message));
    }
    const welcomed = new Promise<void>((resolve) => {
      void this.listen(this.iopub, (message) => {
        if (message.header.msg_type === "iopub_welcome") resolve();
        this.receiveOutput(message);
      });
    });
    this.iopub.subscribe("");
    await welcomed;
  }

  /** Sends a request; settles when its reply and its idle are both here. */
  request<Reply>(type: string, content: object, options: RequestOptions = {}): Promise<Answer<Reply>> {
    return this.dispatch(type, content, options, true) as Promise<Answer<never>>;
  }

  /** Sends a message that has no reply, as those of comms; settles with its outputs when the kernel is idle again. */
  async send(type: string, content: object, options: RequestOptions = {}): Promise<readonly Message<never>[]> {
    return (await this.dispatch(type, content, options, false)).outputs;
  }

  /** Sends bytes to the heartbeat socket and settles when they come back. */
  async beat(): Promise<void> {
    await this.heartbeat.send(["", "ping"]);
    await this.heartbeat.receive();
  }

  /** Rejects what still waits: the kernel is gone, or nobody listens any more. */
  fail(error: Error): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  close(): void {
    this.closed = true;
    for (const socket of [...Object.values(this.dealers), this.iopub, this.heartbeat]) socket.close();
    this.fail(new Error("the client was closed"));
  }

  private dispatch(type: string, content: object, options: RequestOptions, hasReply: boolean): Promise<Pending> {
    const { metadata, buffers, channel = "shell" } = options;
    const frames = this.wire.encode([], { type, content, metadata, buffers });
    const id = JSON.parse(String(frames[2])).msg_id as string;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { options, hasReply, outputs: [], resolve, reject, idle: false });
      this.queues[channel].send(frames);
    });
  }

  private receive(channel: ClientChannel, message: Message<never>): void {
    const entry = this.pending.get(message.parent.msg_id ?? "");
    if (!entry) return;
    if (channel === "stdin") void this.answer(message, entry);
    else {
      entry.reply = message;
      entry.options.onReply?.(message);
      this.settle(message.parent.msg_id!, entry);
    }
  }

  private receiveOutput(message: Message<never>): void {
    this.onIopub(message);
    const id = message.parent.msg_id ?? "";
    const entry = this.pending.get(id);
    if (!entry) return;
    entry.outputs.push(message);
    entry.options.onOutput?.(message);
    if (message.header.msg_type !== "status") return;
    entry.idle = (message.content as { execution_state: string }).execution_state === "idle";
    this.settle(id, entry);
  }

  private settle(id: string, entry: Pending): void {
    if (!entry.idle || (entry.hasReply && !entry.reply)) return;
    this.pending.delete(id);
    entry.resolve(entry);
  }

  private async answer({ headerText, content }: Message, { options }: Pending): Promise<void> {
    const { prompt, password } = content as { prompt: string; password: boolean };
    const value = await options.onInput?.(prompt, password);
    if (value === undefined) return;
    this.queues.stdin.send(this.wire.encode([], { type: "input_reply", content: { value }, parent: headerText }));
  }

  private async listen(socket: AsyncIterable<Buffer[]>, work: (message: Message<never>) => void): Promise<void> {
    try {
      for await (const frames of socket) {
        try {
          work(this.wire.decode(frames).message as Message<never>);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
        }
      }
    } catch (error) {
      if (!this.closed) this.fail(error as Error);
    }
  }
}
