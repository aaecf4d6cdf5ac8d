import type { CommEvent, FromUser, Outcome } from "../pipe/messages.js";
import { type CommContent, type CommEventName, commTypes } from "../protocol/comm.js";
import type { Message } from "../protocol/message.js";
import type { OutputShaper, Publish } from "./output-shaper.js";
import { Outputs } from "./outputs.js";
import type { UserProcess } from "./user-process.js";

export interface CommsOptions {
  readonly publish: Publish;
  readonly log: (reason: string) => void;
  /** Settles when no stop is on its way, since one is not meant for a later message; undefined if none is. */
  readonly stopsSettled: () => Promise<void> | undefined;
  readonly user: Pick<UserProcess, "isRunning" | "send">;
  /** The output of one comm message. */
  readonly newOutput: (parent: string) => OutputShaper;
}

/** A comm message that the user process works on. */
export interface Handling {
  readonly id: number;
  readonly output: OutputShaper;
  settle(outcome: Outcome): void;
}

/** The comms that are open, whichever side opened them, and the comm messages that the user process works on. */
export class Comms {
  /** Targets by comm id. */
  private readonly open = new Map<string, string>();
  private readonly handling = new Map<number, Handling>();
  private readonly outputs = new Outputs();
  /** Counts down, so that no message has the number of a cell. */
  private lastMessage = 0;

  constructor(private readonly options: CommsOptions) {}

  /** The newest message whose handler has not finished. */
  get newest(): Handling | undefined {
    return [...this.handling.values()].at(-1);
  }

  /** The content of a comm_info_reply: all comms, or those of one target. */
  info(target?: string): Record<string, { readonly target_name: string }> {
    const chosen = [...this.open].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(chosen.map(([id, target_name]) => [id, { target_name }]));
  }

  /** Hands on a message of the front end; settles when its handler has finished and its output has been sent. */
  async receive(event: CommEventName, { content, metadata, headerText, buffers }: Message<CommContent>): Promise<void> {
    const { comm_id: comm, target_name: target, data = {} } = content;
    const mistake = this.mistake(event, content);
    if (mistake) return this.options.log(`${commTypes[event]}: ${mistake}`);
    if (!this.options.user.isRunning) return this.publishClose(comm, headerText);
    const settled = this.options.stopsSettled();
    if (settled) await settled;
    this.note({ event, comm, target });
    const output = this.options.newOutput(headerText);
    const id = --this.lastMessage;
    this.outputs.add(id, output);
    const outcome = await new Promise<Outcome>((settle) => {
      this.handling.set(id, { id, output, settle });
      this.options.user.send({ type: "comm", cell: id, event, comm, target, data, metadata }, buffers);
    });
    this.handling.delete(id);
    if (!output.flush()) await output.settled();
    if (outcome.status === "ok") return output.ended();
    const { ename, evalue, traceback } = outcome;
    output.send({ type: "error", content: { ename, evalue, traceback } });
    if (!output.flush()) await output.settled();
    output.ended();
  }

  outputOf(id: number): OutputShaper | undefined {
    return this.handling.get(id)?.output ?? this.outputs.get(id);
  }

  async dispose(): Promise<void> {
    await this.outputs.dispose();
  }

  /** The handler of a message has finished. */
  settle(id: number, outcome: Outcome): void {
    this.handling.get(id)?.settle(outcome);
  }

  /** Sends a message of the user process, among the output of the cell or comm message that it comes from. */
  send(message: Extract<FromUser, { type: "comm" }>, buffers: readonly Uint8Array[], output?: OutputShaper): void {
    const { event, comm, target: target_name, data, metadata } = message;
    this.note(message);
    const outgoing = { type: commTypes[event], content: { comm_id: comm, target_name, data }, metadata, buffers };
    if (output) output.send(outgoing);
    else this.options.publish(outgoing);
  }

  /** Nothing is left of the comms, and no handler will finish. */
  processEnded(failure: Outcome, parent: string | undefined): void {
    for (const { settle } of this.handling.values()) settle(failure);
    for (const comm of this.open.keys()) this.publishClose(comm, parent);
    this.open.clear();
  }

  private publishClose(comm_id: string, parent: string | undefined): void {
    this.options.publish({ type: commTypes.close, content: { comm_id, data: {} }, parent });
  }

  private note({ event, comm, target }: Pick<CommEvent, "event" | "comm" | "target">): void {
    if (target !== undefined && event === "open") this.open.set(comm, target);
    if (event === "close") this.open.delete(comm);
  }

  /** Why a message of the front end goes nowhere. */
  private mistake(event: CommEventName, { comm_id, target_name }: CommContent): string | undefined {
    if (typeof comm_id !== "string") return `comm_id must be a string, got ${JSON.stringify(comm_id)}`;
    const isOpen = this.open.has(comm_id);
    if (event !== "open") return isOpen ? undefined : `no comm ${comm_id} is open`;
    if (isOpen) return `a comm ${comm_id} is open already`;
    return typeof target_name === "string"
      ? undefined
      : `target_name must be a string, got ${JSON.stringify(target_name)}`;
  }
}
