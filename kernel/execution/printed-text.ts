const blockLength = 64 * 1024;

/** What a cell has printed so far, kept until it is known whether all of it can be shown. */
export class PrintedText {
  private readonly blocks: Buffer[] = [];
  private parts: string[] = [];
  private length = 0;
  private size = 0;

  /** In UTF-8. */
  get bytes(): number {
    return this.size;
  }

  add(text: string): void {
    this.parts.push(text);
    this.length += text.length;
    this.size += Buffer.byteLength(text);
    // A short string costs several times its length.
    if (this.length >= blockLength) this.closeBlock();
  }

  all(): readonly Buffer[] {
    this.closeBlock();
    return this.blocks;
  }

  private closeBlock(): void {
    this.blocks.push(Buffer.from(this.parts.join("")));
    this.parts = [];
    this.length = 0;
  }
}
