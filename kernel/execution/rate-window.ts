/**
 * jupyter_server drops what exceeds 1000 messages or 1,000,000 stream bytes a second, averaged over 3 s, and says so in
 * the middle of the output (`_limit_rate` in its services/kernels/connection/channels.py). We stay below, in a window
 * that is a little longer than its own, because it counts by when it gets to read.
 */
const windowMs = 3300;
const maxBytes = 2_400_000;
const maxMessages = 2400;

/** Kept free for what ends a cell: the tail of a long text, its result or error. Then idle need not wait. */
const reservedBytes = 200_000;
const reservedMessages = 50;

/** What the server does not count. */
const uncounted: ReadonlySet<string> = new Set(["status", "comm_open", "execute_input"]);

interface Sent {
  readonly at: number;
  readonly bytes: number;
}

/** How much all cells of a kernel together may publish now. */
export class RateWindow {
  private readonly sent: Sent[] = [];
  private bytes = 0;

  /** @param now - A clock in ms that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Counts a message that is about to be sent and returns 0; or counts nothing and returns in how many ms to ask again.
   *
   * @param bytes - On the wire, all parts together. Only those of streams matter.
   * @param isLast - It is of what ends a cell.
   */
  admit(type: string, bytes: number, isLast: boolean): number {
    if (uncounted.has(type)) return 0;
    const now = this.now();
    while (this.sent.length > 0 && this.sent[0]!.at + windowMs <= now) this.bytes -= this.sent.shift()!.bytes;
    const size = type === "stream" ? bytes : 0;
    const byteLimit = isLast ? maxBytes : maxBytes - reservedBytes;
    const messageLimit = isLast ? maxMessages : maxMessages - reservedMessages;
    // What is larger than any window can only go alone.
    const fits = size === 0 || this.bytes === 0 || this.bytes + size <= byteLimit;
    if (!fits || this.sent.length >= messageLimit) return this.sent[0]!.at + windowMs - now;
    this.sent.push({ at: now, bytes: size });
    this.bytes += size;
    return 0;
  }

  /** The server forgets what it counted when it sees a kernel become idle. */
  reset(): void {
    this.sent.length = 0;
    this.bytes = 0;
  }
}
