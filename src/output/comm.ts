import { inspect, types } from "node:util";

/** Plain data, as JSON carries it. Numbers in bulk travel better as buffers. */
export type CommData = Readonly<Record<string, unknown>>;

export interface CommMessage {
  readonly data: CommData;
  readonly metadata: CommData;
  /** Each has memory of its own from its first byte on: `new Float32Array(buffer.buffer)` reads it without a copy. */
  readonly buffers: readonly Uint8Array[];
}

export interface CommSendOptions {
  readonly metadata?: CommData;
  /** Sent as they are now: of a view, the bytes that it covers. Below 2 GiB together. */
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

export interface CommOpenOptions extends CommSendOptions {
  /** What the front end gets with the opening. @default {} */
  readonly data?: CommData;
  /** @default a new one */
  readonly id?: string;
}

/** Work for one message; a promise is waited for before the kernel says that it is idle again. */
export type CommHandler = (message: CommMessage) => unknown;

/** Work for a comm that the front end opens; if it fails, the comm is closed. */
export type CommTargetHandler = (comm: Comm, message: CommMessage) => unknown;

/** A two-way line to code in the front end: messages of plain data and bytes, in order. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  /** False once either side has closed it, and in plain Node, where there is no other side: then sends go nowhere. */
  readonly isOpen: boolean;
  send(data: CommData, options?: CommSendOptions): void;
  /**
   * Sets what is done for each message; the newest handler counts, so a cell can run twice. Handlers begin in the order
   * of the messages, between the awaits of a running cell too. A message that comes while there is no handler is dropped.
   */
  onMessage(handler: CommHandler): void;
  /** Sets what is done when the front end closes the comm. */
  onClose(handler: CommHandler): void;
  /** Closes both sides; a second time does nothing. */
  close(data?: CommData, options?: CommSendOptions): void;
}

/** A comm message between the kernel and this library. */
export interface CommEvent {
  readonly event: "open" | "message" | "close";
  readonly comm: string;
  /** With `open`. */
  readonly target?: string | undefined;
  readonly data: CommData;
  readonly metadata: CommData;
}

/** The way to the front end. */
export interface CommTransport {
  newId(): string;
  /** @throws if the data is none that JSON carries. */
  send(event: CommEvent, buffers: readonly Uint8Array[]): void;
}

const maxBytes = 2 ** 31 - 1;

let transport: CommTransport | undefined;
let plainIds = 0;
const targets = new Map<string, CommTargetHandler>();
const opened = new Map<string, OpenedComm>();

/** Called once by the kernel; in plain Node every comm is closed from the start. */
export function setCommTransport(kernel: CommTransport): void {
  transport = kernel;
}

/** Called by the kernel with each comm message of the front end; settles when the handler of it has. */
export async function receiveComm(
  { event, comm: id, target, data, metadata }: CommEvent,
  buffers: readonly Uint8Array[],
): Promise<void> {
  const message = { data, metadata, buffers };
  if (event === "open") await accept(id, target ?? "", message);
  // One that is not open any more was closed here while the message was on its way.
  else await opened.get(id)?.receive(event, message);
}

/**
 * Comms: two-way lines between cells and code in the front end, such as a widget.
 *
 * @example
 * const comm = comms.open("progress", { data: { total: 10 } });
 * comm.onMessage(({ data }) => console.log("the front end says", data));
 * comm.send({ done: 1 }, { buffers: [new Float32Array([0.5])] });
 *
 * @example
 * // Lines that the front end opens:
 * comms.register("echo", (comm) => {
 *   comm.onMessage(({ data, buffers }) => comm.send(data, { buffers }));
 * });
 */
export const comms = {
  /** Opens a comm; the front end decides by the target what is at its end. */
  open(target: string, options: CommOpenOptions = {}): Comm {
    const where = "comms.open";
    checkName(where, "target", target);
    const { data = {}, id = transport?.newId() ?? `comm-${++plainIds}`, ...rest } = options;
    checkName(where, "id", id);
    if (opened.has(id)) {
      throw new RangeError(`${where}: a comm with the id ${JSON.stringify(id)} is open. Close it, or take another id.`);
    }
    const comm = new OpenedComm(id, target);
    if (!transport) checked(where, data, rest);
    else {
      post(where, { event: "open", comm: id, target }, data, rest);
      opened.set(id, comm);
    }
    return comm;
  },

  /**
   * Says what is done when the front end opens a comm for `target`; the newest handler of a target counts. Set the
   * handlers of the comm before the first `await` in it, since messages may follow at once.
   */
  register(target: string, handler: CommTargetHandler): void {
    checkName("comms.register", "target", target);
    checkHandler("comms.register", handler);
    targets.set(target, handler);
  },

  /** Comms of `target` that the front end opens from now on are closed at once; those that are open stay. */
  unregister(target: string): void {
    targets.delete(target);
  },
};

class OpenedComm implements Comm {
  private messageHandler: CommHandler | undefined;
  private closeHandler: CommHandler | undefined;

  constructor(
    readonly id: string,
    readonly target: string,
  ) {}

  get isOpen(): boolean {
    return opened.get(this.id) === this;
  }

  send(data: CommData, options: CommSendOptions = {}): void {
    this.post("Comm.send", "message", data, options);
  }

  onMessage(handler: CommHandler): void {
    checkHandler("Comm.onMessage", handler);
    this.messageHandler = handler;
  }

  onClose(handler: CommHandler): void {
    checkHandler("Comm.onClose", handler);
    this.closeHandler = handler;
  }

  close(data: CommData = {}, options: CommSendOptions = {}): void {
    this.post("Comm.close", "close", data, options);
    if (this.isOpen) opened.delete(this.id);
  }

  receive(event: "message" | "close", message: CommMessage): unknown {
    if (event === "message") return this.messageHandler?.(message);
    opened.delete(this.id);
    return this.closeHandler?.(message);
  }

  private post(where: string, event: "message" | "close", data: CommData, options: CommSendOptions): void {
    if (this.isOpen) post(where, { event, comm: this.id }, data, options);
    else checked(where, data, options);
  }
}

async function accept(id: string, target: string, message: CommMessage): Promise<void> {
  const comm = new OpenedComm(id, target);
  opened.set(id, comm);
  const handler = targets.get(target);
  try {
    if (handler) await handler(comm, message);
    else comm.close();
  } catch (error) {
    comm.close();
    throw error;
  }
}

function post(
  where: string,
  event: Pick<CommEvent, "event" | "comm" | "target">,
  data: CommData,
  options: CommSendOptions,
): void {
  const { buffers, metadata } = checked(where, data, options);
  try {
    transport?.send({ ...event, data, metadata }, buffers);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : inspect(error);
    throw new TypeError(`${where}: data and metadata must be plain data that JSON carries (${reason}).`, {
      cause: error,
    });
  }
}

function checked(where: string, data: CommData, { metadata = {}, buffers = [] }: CommSendOptions) {
  checkData(where, "data", data);
  checkData(where, "metadata", metadata);
  if (!Array.isArray(buffers)) throw new TypeError(`${where}: buffers must be an array, got ${kindOf(buffers)}.`);
  const bytes = buffers.map((buffer: unknown) => bytesOf(where, buffer));
  const size = bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size > maxBytes) {
    throw new RangeError(`${where}: buffers must be below 2 GiB together, got ${size} bytes. Send several messages.`);
  }
  return { metadata, buffers: bytes };
}

function bytesOf(where: string, buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (types.isAnyArrayBuffer(buffer)) return new Uint8Array(buffer);
  throw new TypeError(`${where}: each of buffers must be an ArrayBuffer or a view of one, got ${kindOf(buffer)}.`);
}

function checkName(where: string, name: string, value: string): void {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(`${where}: ${name} must be a text that is not empty, got ${kindOf(value)}.`);
  }
}

function checkData(where: string, name: string, value: CommData): void {
  if (value === null || typeof value !== "object" || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TypeError(`${where}: ${name} must be an object such as { value: 1 }, got ${kindOf(value)}.`);
  }
}

function checkHandler(where: string, handler: unknown): void {
  if (typeof handler !== "function") {
    throw new TypeError(`${where}: the handler must be a function, got ${kindOf(handler)}.`);
  }
}

function kindOf(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY }).slice(0, 60);
}
