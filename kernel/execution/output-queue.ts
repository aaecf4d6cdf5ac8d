import type { Outgoing } from "../protocol/message.js";

export type StreamName = "stdout" | "stderr";

/** A piece of what a cell printed. */
export interface StreamText {
  readonly name: StreamName;
  readonly text: string;
}

interface StreamItem {
  readonly kind: "stream";
  readonly name: StreamName;
  parts: string[];
  length: number;
  /** As JSON in UTF-8, the quotes left out. */
  wireBytes: number;
  /** It is of what ends the cell. */
  readonly isLast: boolean;
}

interface UpdateItem {
  readonly kind: "update";
  readonly displayId: string;
  message: Outgoing;
}

interface MessageItem {
  readonly kind: "message";
  readonly message: Outgoing;
  /** Its weight while it waits; 0 as long as nobody has asked. */
  bytes: number;
  readonly isLast: boolean;
}

export type QueueItem = StreamItem | UpdateItem | MessageItem;

/** A stream message has at most about twice so many characters, so that every window has room for several. */
const pieceLength = 128 * 1024;
const partsToJoin = 1024;

/**
 * The output of one cell that waits to be sent. Text goes to the end of the text before it, an update takes the place of
 * the one before it that has the same display id, and neither passes a message that it must stay behind.
 */
export class OutputQueue {
  private readonly items: QueueItem[] = [];
  /** The last of them that is no update: text may pass an update, since that changes what stands elsewhere. */
  private last: StreamItem | MessageItem | undefined;
  private readonly replaceable = new Map<string, UpdateItem>();

  get length(): number {
    return this.items.length;
  }

  get hasText(): boolean {
    return this.items.some((item) => item.kind === "stream");
  }

  has(item: QueueItem): boolean {
    return this.items.includes(item);
  }

  /** Takes text without half characters. */
  addText({ name, text }: StreamText, isLast: boolean): void {
    for (let at = 0; at < text.length; ) {
      const end = endOfPiece(text, at + pieceLength);
      const part = at === 0 && end === text.length ? text : text.slice(at, end);
      this.addPart(name, part, isLast);
      at = end;
    }
  }

  addUpdate(displayId: string, message: Outgoing): void {
    const waiting = this.replaceable.get(displayId);
    if (waiting) {
      waiting.message = message;
      return;
    }
    const item: UpdateItem = { kind: "update", displayId, message };
    this.items.push(item);
    this.replaceable.set(displayId, item);
  }

  addMessage(message: Outgoing, isLast: boolean): MessageItem {
    // What follows is an update of what is made or cleared here.
    if (message.type === "clear_output") this.replaceable.clear();
    else this.replaceable.delete(displayIdOf(message) ?? "");
    const item: MessageItem = { kind: "message", message, bytes: 0, isLast };
    this.last = item;
    this.items.push(item);
    return item;
  }

  /** The item to send next; without `due`, updates that may still be replaced are left to wait. */
  next(due: boolean): QueueItem | undefined {
    return this.items.find((item) => due || item.kind !== "update" || this.replaceable.get(item.displayId) !== item);
  }

  remove(item: QueueItem): void {
    this.items.splice(this.items.indexOf(item), 1);
    if (this.last === item) this.last = undefined;
    if (item.kind === "update" && this.replaceable.get(item.displayId) === item) {
      this.replaceable.delete(item.displayId);
    }
  }

  /** Removes all text and returns it. */
  takeText(): StreamText[] {
    const streams = this.items.filter((item) => item.kind === "stream");
    for (const item of streams) this.remove(item);
    return streams.map(({ name, parts }) => ({ name, text: parts.join("") }));
  }

  private addPart(name: StreamName, part: string, isLast: boolean): void {
    let item = this.last;
    if (item?.kind !== "stream" || item.name !== name || item.isLast !== isLast || item.length >= pieceLength) {
      item = { kind: "stream", name, parts: [], length: 0, wireBytes: 0, isLast };
      this.items.push(item);
      this.last = item;
    }
    item.parts.push(part);
    item.length += part.length;
    item.wireBytes += Buffer.byteLength(JSON.stringify(part)) - 2;
    // A short string costs several times its length.
    if (item.parts.length >= partsToJoin) item.parts = [item.parts.join("")];
  }
}

/** `at`, or one more if that would cut a character in two. */
function endOfPiece(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const isLowSurrogate = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isLowSurrogate ? at + 1 : at;
}

function displayIdOf({ content }: Outgoing): string | undefined {
  return (content as { transient?: { display_id?: string } }).transient?.display_id;
}
