/**
 * What came in, begun one by one in order, each in a microtask of its own. V8 drops the microtasks that wait when a stop
 * terminates the one that runs; so what waits is kept here, and goes on with {@link resume}.
 */
export class Inbox {
  private readonly waiting: (() => void)[] = [];

  /**
   * @param isHeld - A stop comes first: it is not meant for what has not begun.
   * @param protect - Lets nothing be terminated meanwhile: what is taken out has begun.
   */
  constructor(
    private readonly isHeld: () => boolean,
    private readonly protect: (begin: () => void) => void,
  ) {}

  push(work: () => void): void {
    this.waiting.push(work);
    queueMicrotask(this.next);
  }

  /** Called after a stop. */
  resume(): void {
    for (const _ of this.waiting) queueMicrotask(this.next);
  }

  private readonly next = (): void => {
    this.protect(() => {
      if (!this.isHeld()) this.waiting.shift()?.();
    });
  };
}
