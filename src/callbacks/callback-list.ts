import { OptionError } from "../core/errors.js";
import type { JsonValue } from "../core/json.js";
import { placeOf } from "../core/place.js";
import type { Answer, Callback, Ending, FitTask, Metrics, Task } from "./callback.js";

/** What a callback has cost a run. */
export interface CallbackCost {
  readonly name: string;
  /** Wall time in its hooks. */
  readonly seconds: number;
  /** Hooks of it that were called. */
  readonly calls: number;
}

/** What a callback has to say for a checkpoint. */
export interface CallbackState {
  readonly name: string;
  readonly state: JsonValue;
}

interface Member {
  readonly callback: Callback;
  readonly name: string;
  seconds: number;
  calls: number;
  isLeftOut: boolean;
}

/** The callbacks of one run: asks each in turn, times it, and keeps an error in one of them from ending the training. */
export class CallbackList {
  /** Whether anybody wants to hear of each batch. */
  readonly followsBatches: boolean;
  private readonly members: readonly Member[];

  constructor(callbacks: readonly Callback[]) {
    this.members = callbacks.map((callback) => {
      return { callback, name: nameOf(callback), seconds: 0, calls: 0, isLeftOut: false };
    });
    this.followsBatches = callbacks.some(({ onBatchBegin, onBatchEnd }) => (onBatchBegin ?? onBatchEnd) !== undefined);
  }

  /** @throws OptionError if a callback refuses the run; those that had begun hear its end. */
  async trainBegin(fit: FitTask): Promise<void> {
    const begun: Member[] = [];
    for (const member of this.members) {
      try {
        if (member.callback.onTrainBegin) await timed(member, () => member.callback.onTrainBegin?.(fit));
      } catch (error) {
        if (!(error instanceof OptionError)) {
          this.leaveOut(member, "onTrainBegin", error);
          continue;
        }
        await this.tell(begun, "onException", (callback) => callback.onException?.(fit, error));
        const ending: Ending = { status: "stopped", reason: error.message, metrics: {} };
        await this.tell(begun, "onTrainEnd", (callback) => callback.onTrainEnd?.(fit, ending));
        throw error;
      }
      begun.push(member);
    }
  }

  /** Like the others with this type: returns why training should stop, if a callback says so. */
  epochBegin(epoch: Task): Promise<string | undefined> {
    return this.ask("onEpochBegin", (callback) => callback.onEpochBegin?.(epoch));
  }

  batchBegin(batch: Task): Promise<string | undefined> {
    return this.ask("onBatchBegin", (callback) => callback.onBatchBegin?.(batch));
  }

  batchEnd(batch: Task, metrics: Metrics): Promise<string | undefined> {
    return this.ask("onBatchEnd", (callback) => callback.onBatchEnd?.(batch, metrics));
  }

  validationBegin(epoch: Task): Promise<string | undefined> {
    return this.ask("onValidationBegin", (callback) => callback.onValidationBegin?.(epoch));
  }

  epochEnd(epoch: Task, metrics: Metrics): Promise<string | undefined> {
    return this.ask("onEpochEnd", (callback) => callback.onEpochEnd?.(epoch, metrics));
  }

  async exception(fit: FitTask, error: unknown): Promise<void> {
    await this.tell(this.members, "onException", (callback) => callback.onException?.(fit, error));
  }

  async trainEnd(fit: FitTask, ending: Ending): Promise<void> {
    await this.tell(this.members, "onTrainEnd", (callback) => callback.onTrainEnd?.(fit, ending));
  }

  /** In the order of the callbacks. */
  costs(): CallbackCost[] {
    return this.members.map(({ name, seconds, calls }) => ({ name, seconds, calls }));
  }

  /** Of those that have one and are not left out. */
  state(): CallbackState[] {
    return this.members.flatMap((member) => {
      const { callback, name, isLeftOut } = member;
      if (isLeftOut || callback.state === undefined) return [];
      try {
        return [{ name, state: callback.state() }];
      } catch (error) {
        this.leaveOut(member, "state", error);
        return [];
      }
    });
  }

  /** Each callback gets the first state under its name that no other one got; one without a state begins anew. */
  restore(states: readonly CallbackState[]): void {
    const left = [...states];
    for (const member of this.members) {
      const at = left.findIndex(({ name }) => name === member.name);
      if (at < 0 || member.isLeftOut) continue;
      const [{ state }] = left.splice(at, 1) as [CallbackState];
      try {
        member.callback.restore?.(state);
      } catch (error) {
        this.leaveOut(member, "restore", error);
      }
    }
  }

  private ask(hook: keyof Callback, call: (callback: Callback) => Answer | Promise<Answer>) {
    return this.tell(this.members, hook, call);
  }

  private async tell(
    members: readonly Member[],
    hook: keyof Callback,
    call: (callback: Callback) => Answer | Promise<Answer>,
  ): Promise<string | undefined> {
    let reason: string | undefined;
    for (const member of members) {
      if (member.isLeftOut || member.callback[hook] === undefined) continue;
      try {
        const answer = await timed(member, () => call(member.callback));
        if (answer) reason ??= answer === "stop" ? `${member.name} said stop.` : answer.stop;
      } catch (error) {
        this.leaveOut(member, hook, error);
      }
    }
    return reason;
  }

  private leaveOut(member: Member, hook: keyof Callback, error: unknown): void {
    member.isLeftOut = true;
    const place = placeOf(error);
    const what = error instanceof Error ? error.message : String(error);
    const where = `${member.name}: ${hook} failed${place === null ? "" : ` at ${place}`}`;
    console.warn(`${where}, so it is left out from here on while training goes on: ${what}`);
  }
}

async function timed<T>(member: Member, call: () => T | Promise<T>): Promise<T> {
  const startedMs = performance.now();
  member.calls++;
  try {
    return await call();
  } finally {
    member.seconds += (performance.now() - startedMs) / 1000;
  }
}

function nameOf(callback: Callback): string {
  const name = callback.name ?? callback.constructor?.name;
  return name && name !== "Object" ? name : "A callback";
}
