const generationSize = 150_000;

/**
 * Remembers the signatures of verified messages, so that a recorded message sent again never runs again. Two
 * generations are kept: at least the last 150,000 messages, in less than 20 MB.
 */
export class ReplayGuard {
  private current = new Set<string>();
  private previous = new Set<string>();

  /** False if this signature was seen before. Call it only after the signature was verified. */
  admit(signature: string): boolean {
    // Half of a SHA-256 digest tells messages apart as well as all of it, in half the memory.
    const mark = Buffer.from(signature.slice(0, 32), "hex").toString("latin1");
    if (this.current.has(mark) || this.previous.has(mark)) return false;
    if (this.current.size >= generationSize) {
      this.previous = this.current;
      this.current = new Set();
    }
    this.current.add(mark);
    return true;
  }
}
