import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header, HeaderMaker, Message, Outgoing } from "./message.js";

const delimiter = Buffer.from("<IDS|MSG>");
const empty = "{}";

/** A part of a message on the wire. ZeroMQ sends text for half of what a Buffer costs, so JSON goes out as text. */
export type WireFrame = string | Uint8Array;

/** Why an incoming message was dropped. The right signature is never part of it. */
export class WireError extends Error {}

/** Turns messages into signed frames and back (Jupyter messaging, "The Wire Protocol"). */
export class Wire {
  private readonly algorithm: string;

  constructor(
    private readonly key: string,
    scheme: string,
    private readonly headers: HeaderMaker,
  ) {
    this.algorithm = scheme.replace(/^hmac-/, "");
    createHmac(this.algorithm, key);
  }

  encode(identities: readonly WireFrame[], message: Outgoing): WireFrame[] {
    const header = JSON.stringify(this.headers.make(message.type, message.id));
    const metadata = message.metadata ? JSON.stringify(message.metadata) : empty;
    const parts = [header, message.parent ?? empty, metadata, JSON.stringify(message.content)];
    return [...identities, delimiter, this.sign(parts), ...parts, ...(message.buffers ?? [])];
  }

  /** The signature it came with, for the replay guard, and the message; throws WireError if it must not be trusted. */
  decode(frames: readonly Buffer[]): { readonly signature: string; readonly message: Message } {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0 || frames.length < at + 6) throw new WireError("not a Jupyter message");
    const parts = frames.slice(at + 2, at + 6);
    if (!this.isSigned(parts, frames[at + 1]!)) throw new WireError("a wrong signature");
    const signature = frames[at + 1]!.toString("latin1");
    const [header, parent, metadata, content] = parts.map(parseObject);
    if (typeof header!.msg_type !== "string" || typeof header!.msg_id !== "string") {
      throw new WireError("a header without msg_type or msg_id");
    }
    const message: Message = {
      identities: frames.slice(0, at),
      header: header as unknown as Header,
      headerText: parts[0]!.toString("utf8"),
      parent: parent as Partial<Header>,
      metadata: metadata!,
      content,
      buffers: frames.slice(at + 6),
    };
    return { signature, message };
  }

  /** Frames of the start-up handshake: one signed content, without header, parent header and metadata. */
  seal(content: object): WireFrame[] {
    const text = JSON.stringify(content);
    return [delimiter, this.sign([text]), text];
  }

  /** Whether `frames` are one content, whatever it is, with the right signature. */
  isSealed(frames: readonly Buffer[]): boolean {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    return at >= 0 && frames.length === at + 3 && this.isSigned([frames[at + 2]!], frames[at + 1]!);
  }

  private sign(parts: readonly WireFrame[]): string {
    if (this.key === "") return "";
    const hmac = createHmac(this.algorithm, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  /** Character for character: a digest in upper case is another signature, as it is for Jupyter. */
  private isSigned(parts: readonly Uint8Array[], signature: Buffer): boolean {
    if (this.key === "") return true;
    const expected = Buffer.from(this.sign(parts), "latin1");
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
}

function parseObject(frame: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new WireError("a frame that is not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new WireError("a frame that is not a JSON object");
  }
  return value as Record<string, unknown>;
}
