import { randomUUID } from "node:crypto";
import type { Frame } from "../pipe/frame.js";
import type { Failure, FromUser, Outcome, RuntimeCompletion } from "../pipe/messages.js";
import type { ExecuteReply, ExecuteRequest } from "../protocol/execute.js";
import type { InputReply } from "../protocol/input.js";
import type { Message, Outgoing } from "../protocol/message.js";
import { pendingReads } from "./captured-stream.js";
import { Comms } from "./comms.js";
import type { History } from "./history.js";
import { KnownNames } from "./known-names.js";
import type { StreamName } from "./output-queue.js";
import { OutputShaper, type Publish } from "./output-shaper.js";
import { Outputs } from "./outputs.js";
import { ExecutionQueue } from "./queue.js";
import { RateWindow } from "./rate-window.js";
import { Remarks } from "./remarks.js";
import { SpillFolder } from "./spill-folder.js";
import { Stops } from "./stops.js";
import { UserProcess, type UserProcessOptions } from "./user-process.js";

interface RunningCell {
  readonly id: number;
  readonly request: Message<ExecuteRequest>;
  readonly output: OutputShaper;
  settle(outcome: Outcome): void;
}

export interface ExecutionOptions extends UserProcessOptions {
  readonly publish: Publish;
  /** Sends an input_request to the client that sent the running cell. */
  readonly ask: (request: Message, message: Outgoing) => void;
  readonly history: History;
  /** The library's `index.d.ts`. */
  readonly libraryTypes: string;
  readonly log: (reason: string) => void;
}

/** What looks at a cell beside its run: TypeScript, if it is asked to. */
export interface CellCheck {
  /** Before the cell runs: why it must not. */
  readonly gate?: (name: string) => Promise<Failure | undefined>;
  /** While it runs: says what there is to say, through `tell`. */
  readonly remarks?: (name: string, tell: (text: string) => void) => void;
  /** The cell does not end before this. */
  readonly settled?: () => Promise<void>;
}

const noCheck: CellCheck = {};

/** The cells: queued, run in the user process one by one, their output shaped and sent under the right request. */
export class Execution {
  readonly queue = new ExecutionQueue();
  readonly comms: Comms;
  private readonly user: UserProcess;
  private readonly names: KnownNames;
  private readonly outputs = new Outputs();
  private readonly rate = new RateWindow();
  private readonly spills = new SpillFolder();
  private readonly questions = new Map<number, (answer: never) => void>();
  private running: RunningCell | undefined;
  /** The output of the cell that runs, or that has run and still has to show what waits. */
  private showing: OutputShaper | undefined;
  private lastCell = 0;
  private lastQuestion = 0;
  /** The question that waits for an answer, and the msg_id it was sent under. */
  private pendingInput: { readonly id: number; readonly sentAs: string } | undefined;
  private count = 0;
  /** The user process has come up: one that ends before it has would only end again. */
  private isUp = false;
  private readonly stops: Stops;

  constructor(private readonly options: ExecutionOptions) {
    this.user = new UserProcess(options, {
      onFrame: (frame) => this.receive(frame),
      onText: (name, text) => this.text(name, text),
      onExit: (why) => this.crashed(why),
    });
    // Until it has come up, SIGINT would end it.
    this.stops = new Stops({
      stop: (children) => this.user.stop(children && this.isUp),
      kill: () => this.user.kill(),
    });
    this.comms = new Comms({
      ...options,
      user: this.user,
      stopsSettled: () => this.stops.settled,
      newOutput: (parent) => this.newOutput(parent, "comm"),
    });
    this.names = new KnownNames(options.libraryTypes);
  }

  /** The parent header of the cell that has not said all yet. */
  get runningParent(): string | undefined {
    return this.showing?.parent;
  }

  /** Of the user process; undefined while there is none. */
  get pid(): number | undefined {
    return this.user.pid;
  }

  get executionCount(): number {
    return this.count;
  }

  start(): void {
    this.user.start();
  }

  /** Settles when what the cells printed is where it belongs. */
  async dispose(): Promise<void> {
    this.user.dispose();
    await Promise.all([this.outputs.dispose(), this.comms.dispose()]);
  }

  /** Runs one cell to its end; every output of it has been sent when the reply is there. */
  async run(request: Message<ExecuteRequest>, check: CellCheck = noCheck): Promise<ExecuteReply> {
    const { code, silent = false, user_expressions = {}, stop_on_error = true } = request.content;
    const store = !silent && request.content.store_history !== false;
    if (store) {
      this.count++;
      this.options.history.add(this.count, code);
    }
    const execution_count = this.count;
    const cell = ++this.lastCell;
    const output = this.newOutput(request.headerText, `cell-${execution_count}`, silent);
    this.outputs.add(cell, output, request.metadata.cellId);
    this.showing = output;
    // The server began to count anew when it saw the idle of the cell before.
    this.rate.reset();
    if (this.stops.settled) await this.stops.settled;
    if (!this.user.isRunning) this.user.start();
    const name = `Cell[${execution_count}]`;
    const refusal = check.gate && (await check.gate(name));
    const remarks = new Remarks((remark) => output.say(remark));
    const outcome = await new Promise<Outcome>((settle) => {
      this.running = { id: cell, request, output, settle };
      // First of all, so that the cell runs while the rest is said.
      if (refusal) settle({ status: "error", ...refusal });
      else {
        const { sent: stops } = this.stops;
        const { cellId } = request.metadata;
        const place = typeof cellId === "string" ? cellId : undefined;
        const expressions = user_expressions;
        this.user.send({ type: "execute", cell, place, count: execution_count, code, silent, stops, expressions });
      }
      output.send({ type: "execute_input", content: { code, execution_count } });
      check.remarks?.(name, (remark) => remarks.add(remark));
    });
    this.running = undefined;
    this.stops.ended(cell);
    if (!output.flush()) await output.settled();
    if (outcome.status === "ok") {
      if (outcome.result) output.send({ type: "execute_result", content: { execution_count, ...outcome.result } });
      await check.settled?.();
      remarks.release();
      if (!output.flush()) await output.settled();
      this.ended(output);
      return { status: "ok", execution_count, payload: [], user_expressions: outcome.expressions };
    }
    await check.settled?.();
    const { ename, evalue } = outcome;
    const traceback = [...outcome.traceback, ...remarks.lines()];
    output.send({ type: "error", content: { ename, evalue, traceback } });
    if (!output.flush()) await output.settled();
    this.ended(output);
    if (stop_on_error) this.queue.abortPending();
    return { status: "error", execution_count, ename, evalue, traceback };
  }

  private ended(output: OutputShaper): void {
    output.ended();
    this.showing = undefined;
  }

  /** Stops the running cell and the handlers of comm messages. When they do not react, a second call ends the user process. */
  interrupt(): void {
    const running = this.running ?? this.comms.newest;
    this.showing?.cutShort();
    running?.output.cutShort();
    if (!this.user.isRunning) return;
    this.stops.request(running?.id, (hint) => running?.output.say(hint));
  }

  /** A reply that names its question answers no other one: it may come late. */
  answerInput({ parent, content: { value } }: Message<InputReply>): void {
    const pending = this.pendingInput;
    if (!pending || (parent.msg_id !== undefined && parent.msg_id !== pending.sentAs)) return;
    if (typeof value !== "string") {
      this.options.log("dropped an input_reply whose value is not a string");
      return;
    }
    this.pendingInput = undefined;
    this.user.send({ type: "input", id: pending.id, value });
  }

  /** Names found in the running program; while a cell keeps it busy, those that are known without it. */
  async complete(code: string, cursor: number): Promise<RuntimeCompletion | undefined> {
    if (this.isBusy) return this.names.complete(code, cursor);
    return this.question((id) => ({ type: "complete", id, code, cursor }));
  }

  /** A description of the value at the cursor; while a cell keeps the program busy, of what its name stands for. */
  async inspect(code: string, cursor: number): Promise<string | undefined> {
    if (this.isBusy) return this.names.inspect(code, cursor);
    return this.question((id) => ({ type: "inspect", id, code, cursor }));
  }

  private get isBusy(): boolean {
    return this.running !== undefined || this.comms.newest !== undefined || !this.user.isRunning || !this.isUp;
  }

  private async question<Answer>(
    make: (id: number) => { type: "complete" | "inspect"; id: number; code: string; cursor: number },
  ): Promise<Answer | undefined> {
    const id = ++this.lastQuestion;
    this.user.send(make(id));
    const answer = await new Promise<Answer | null>((resolve) => this.questions.set(id, resolve as never));
    return answer ?? undefined;
  }

  private receive({ body, buffers }: Frame<FromUser>): void {
    switch (body.type) {
      case "ready":
        this.isUp = true;
        break;
      case "declared":
        this.names.declare(body.names);
        break;
      case "stopped":
        this.dropQuestions();
        this.stops.takenEffect(body.stops);
        break;
      case "stream":
        this.outputOf(body.cell)?.text(body.name, body.text);
        break;
      case "display":
        this.show(body);
        break;
      case "clear":
        this.outputOf(body.cell)?.send({ type: "clear_output", content: { wait: body.wait } });
        break;
      case "error": {
        const { ename, evalue, traceback } = body;
        this.outputOf(body.cell)?.send({ type: "error", content: { ename, evalue, traceback } });
        break;
      }
      case "comm":
        this.comms.send(body, buffers, this.outputOf(body.cell));
        break;
      case "input":
        void this.askInput(body);
        break;
      case "completion":
        this.answer(body.id, body.completion);
        break;
      case "inspection":
        this.answer(body.id, body.text);
        break;
      case "done":
        void this.finish(body.cell, body.outcome);
        break;
    }
  }

  private show({ cell, displayId, update, data, metadata }: Extract<FromUser, { type: "display" }>): void {
    const output = this.outputOf(cell);
    const content = { data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } };
    if (update && displayId !== undefined) output?.update(displayId, { type: "update_display_data", content });
    else output?.send({ type: "display_data", content });
  }

  private async askInput({ id, cell, prompt, password }: Extract<FromUser, { type: "input" }>): Promise<void> {
    const { request, output } = this.running?.id === cell ? this.running : {};
    if (request?.content.allow_stdin === false || !request) {
      const reason = "input: this client cannot be asked for input. Set the value in the cell instead.";
      this.user.send({ type: "input-refused", id, reason });
      return;
    }
    this.pendingInput = { id, sentAs: randomUUID() };
    if (!output?.flush()) await output?.settled();
    if (this.pendingInput?.id !== id) return;
    const content = { prompt, password };
    const { sentAs } = this.pendingInput;
    this.options.ask(request, { type: "input_request", id: sentAs, content, parent: request.headerText });
  }

  private answer(id: number, value: unknown): void {
    this.questions.get(id)?.(value as never);
    this.questions.delete(id);
  }

  /** Nobody will answer them: what worked on them has ended, or was stopped. */
  private dropQuestions(): void {
    for (const id of this.questions.keys()) this.answer(id, null);
  }

  private async finish(cell: number, outcome: Outcome): Promise<void> {
    do {
      if (this.user.held) await this.user.held;
      await pendingReads();
    } while (this.user.held);
    if (this.running?.id !== cell) {
      this.stops.ended(cell);
      this.comms.settle(cell, outcome);
      return;
    }
    this.pendingInput = undefined;
    this.running.settle(outcome);
  }

  private text(name: StreamName, text: string): void {
    const { output } = this.running ?? this.comms.newest ?? { output: this.outputs.get(this.lastCell) };
    if (output) output.text(name, text);
    else this.options.log(text.trimEnd());
  }

  private crashed(why: string): void {
    this.dropQuestions();
    this.pendingInput = undefined;
    this.names.clear();
    this.stops.reset();
    if (this.isUp) this.user.start();
    this.isUp = false;
    const failure = {
      status: "error",
      ename: "ProcessEnded",
      evalue: why,
      traceback: [`ProcessEnded: ${why}`],
    } as const;
    const sufferer = this.running ?? this.comms.newest;
    if (!sufferer) this.text("stderr", `${why}\n`);
    this.comms.processEnded(failure, sufferer?.output.parent);
    this.running?.settle(failure);
  }

  private newOutput(parent: string, name: string, silent = false): OutputShaper {
    return new OutputShaper({
      parent,
      silent,
      publish: this.options.publish,
      rate: this.rate,
      spill: () => this.spills.file(name),
      hold: (until) => this.user.hold(until),
    });
  }

  private outputOf(id: number): OutputShaper | undefined {
    return this.outputs.get(id) ?? this.comms.outputOf(id);
  }
}
