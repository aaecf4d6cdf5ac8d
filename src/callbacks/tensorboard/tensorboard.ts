import { appendFile, mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { checkNumber, show } from "../../core/check.js";
import { checkNames } from "../../core/check-options.js";
import { OptionError } from "../../core/errors.js";
import type { JsonValue } from "../../core/json.js";
import type { Callback, Ending, FitTask, Metrics, Task } from "../callback.js";
import { restartEvent, scalarsEvent, sessionEndEvent, sessionStartEvent, versionEvent } from "./event.js";
import { record } from "./record.js";

export interface TensorBoardOptions {
  /** Where the folders of the runs lie: `tensorboard --logdir` shows them. @default "runs/tensorboard" */
  readonly logDir?: string;
  /** Names the folder of the run. @default the title and the start of the id of the run */
  readonly runName?: string;
  /** Also write the loss of every so many steps, from 1. @default never */
  readonly everySteps?: number;
}

/** Each has a folder of its own, so that TensorBoard draws one curve beside the other. */
type Part = "train" | "validation" | "steps";

const validationPrefix = "val_";
let filesOfProcess = 0;

/**
 * Writes event files that TensorBoard opens: what each epoch reports (the validation rows as a curve beside that of the
 * training rows), the learning rate, and the hyperparameters of the run.
 *
 * @example
 * fit(model, { ...options, callbacks: [new TensorBoard({ logDir: "logs" })] }); // then: tensorboard --logdir logs
 */
export class TensorBoard implements Callback {
  readonly name = "TensorBoard";
  onBatchEnd?: (batch: Task, metrics: Metrics) => Promise<void>;
  private readonly logDir: string;
  private readonly runName: string | undefined;
  private fit: FitTask | undefined;
  private folder = "";
  private files = new Map<Part, string>();
  private isResumed = false;

  constructor(options: TensorBoardOptions = {}) {
    checkNames("TensorBoard", options, ["logDir", "runName", "everySteps"]);
    const { logDir = "runs/tensorboard", runName, everySteps } = options;
    for (const [name, value] of Object.entries({ logDir, runName })) {
      if (value === undefined || (typeof value === "string" && value !== "")) continue;
      throw new OptionError(`TensorBoard: ${name} must be a text that is not empty, got ${show(value)}.`);
    }
    if (everySteps !== undefined) {
      checkNumber("TensorBoard", "everySteps", everySteps, { integer: true, atLeast: 1 });
      this.onBatchEnd = (_, { loss }) => this.writeStep(loss!, everySteps);
    }
    this.logDir = logDir;
    this.runName = runName;
  }

  /** The folder of the run that goes on or was the last one. */
  get path(): string {
    return join(this.logDir, this.folder);
  }

  async onTrainBegin(fit: FitTask): Promise<void> {
    this.fit = fit;
    this.files = new Map();
    this.isResumed = false;
    this.folder = fileName(this.runName ?? `${fit.name}-${fit.runId.slice(0, 8)}`);
    try {
      await mkdir(this.path, { recursive: true });
    } catch (error) {
      throw new OptionError(`TensorBoard: cannot write to ${show(this.path)}: ${(error as Error).message}.`);
    }
  }

  async onEpochEnd(epoch: Task, metrics: Metrics): Promise<void> {
    const train: Record<string, number> = { learningRate: this.fit!.learningRate };
    const validation: Record<string, number> = {};
    for (const [name, value] of Object.entries(metrics)) {
      if (name.startsWith(validationPrefix)) validation[name.slice(validationPrefix.length)] = value;
      else train[name] = value;
    }
    await this.write("train", epoch.index + 1, train);
    if (Object.keys(validation).length > 0) await this.write("validation", epoch.index + 1, validation);
  }

  async onTrainEnd(_: FitTask, { status }: Ending): Promise<void> {
    const isGood = status === "completed" || status === "stopped";
    const file = this.files.get("train");
    if (file !== undefined)
      await appendFile(file, record(sessionEndEvent(wallSeconds(), isGood ? "success" : "failure")));
    this.fit = undefined;
  }

  state(): JsonValue {
    return { folder: this.folder };
  }

  restore(state: JsonValue): void {
    this.folder = (state as { folder: string }).folder;
    this.isResumed = true;
  }

  private async writeStep(loss: number, everySteps: number): Promise<void> {
    const { step } = this.fit!;
    if (step % everySteps === 0) await this.write("steps", step, { loss });
  }

  private async write(part: Part, step: number, scalars: Readonly<Record<string, number>>): Promise<void> {
    const file = this.files.get(part) ?? (await this.begin(part, step));
    await appendFile(file, record(scalarsEvent(wallSeconds(), step, scalars)));
  }

  private async begin(part: Part, step: number): Promise<string> {
    const folder = join(this.path, part);
    await mkdir(folder, { recursive: true });
    const seconds = wallSeconds();
    const number = String(filesOfProcess++).padStart(6, "0");
    const file = join(folder, `events.out.tfevents.${Math.floor(seconds)}.${hostname()}.${process.pid}.${number}`);
    const events = [versionEvent(seconds)];
    if (this.isResumed) events.push(restartEvent(seconds, step));
    if (part === "train" && !this.isResumed) events.push(sessionStartEvent(seconds, this.fit!.setup));
    await appendFile(file, Buffer.concat(events.map(record)));
    this.files.set(part, file);
    return file;
  }
}

function wallSeconds(): number {
  return Date.now() / 1000;
}

/** What every file system takes as the name of a folder. */
function fileName(text: string): string {
  return text.replace(/[^\p{L}\p{N}._-]+/gu, "-");
}
