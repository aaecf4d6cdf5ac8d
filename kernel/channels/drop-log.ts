const pauseMs = 1000;

/** Tells why messages were dropped, in a line a second at most: a flood of them must not fill the log, or block it. */
export class DropLog {
  private more = 0;
  private pause: NodeJS.Timeout | undefined;

  constructor(private readonly log: (line: string) => void) {}

  add(reason: string): void {
    if (this.pause) {
      this.more++;
      return;
    }
    this.log(`dropped ${reason}`);
    this.pause = setTimeout(() => this.tellMore(), pauseMs).unref();
  }

  private tellMore(): void {
    this.pause = undefined;
    const { more } = this;
    this.more = 0;
    if (more > 0) this.add(`${more} more messages`);
  }
}
