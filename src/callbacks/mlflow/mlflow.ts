import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { show } from "../../core/check.js";
import { checkNames } from "../../core/check-options.js";
import { OptionError } from "../../core/errors.js";
import { type JsonValue, numberFromJSON, numberToJSON } from "../../core/json.js";
import type { Callback, Ending, FitTask, Metrics, RunStatus, Task } from "../callback.js";
import { type LoggedMetric, type LoggedRun, type LoggedStatus, type LoggedText, MLflowClient } from "./client.js";

export interface MLflowOptions {
  /** Of the server. @default the variable MLFLOW_TRACKING_URI, or http://127.0.0.1:5000 */
  readonly uri?: string;
  /** Made if there is none of that name. @default "Default" */
  readonly experiment?: string;
  /** @default the title of the run */
  readonly runName?: string;
  /** Files that are uploaded when the run ends, by their paths. @default none */
  readonly artifacts?: readonly string[];
}

const statuses: Record<RunStatus, LoggedStatus> = {
  completed: "FINISHED",
  stopped: "FINISHED",
  interrupted: "KILLED",
  diverged: "FAILED",
};

/**
 * Logs a run to an MLflow server: its hyperparameters as parameters, what each epoch reports as metrics, how it ended as status
 * and note, and at the end files. A server that cannot be reached ends `fit` before it begins; one that goes away later
 * gets what it missed when it is back. Who must log in sets MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and
 * MLFLOW_TRACKING_PASSWORD.
 *
 * @example
 * fit(model, { ...options, callbacks: [new MLflow({ experiment: "penguins" })] }); // beside it: mlflow server
 */
export class MLflow implements Callback {
  readonly name = "MLflow";
  private readonly uri: string;
  private readonly experiment: string;
  private readonly runName: string | undefined;
  private readonly artifacts: readonly string[];
  private client: MLflowClient;
  private fit: FitTask | undefined;
  private experimentId = "";
  private run: LoggedRun | undefined;
  private isResumed = false;
  private metrics: LoggedMetric[] = [];
  private params: LoggedText[] = [];
  private hasError = false;
  private isComplaining = false;

  constructor(options: MLflowOptions = {}) {
    checkNames("MLflow", options, ["uri", "experiment", "runName", "artifacts"]);
    const { uri = process.env.MLFLOW_TRACKING_URI ?? "http://127.0.0.1:5000" } = options;
    const { experiment = "Default", runName, artifacts = [] } = options;
    if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) {
      throw new OptionError(`MLflow: uri must be the address of a server, http://..., got ${show(uri)}.`);
    }
    for (const [name, value] of Object.entries({ experiment, runName })) {
      if (value === undefined || (typeof value === "string" && value !== "")) continue;
      throw new OptionError(`MLflow: ${name} must be a text that is not empty, got ${show(value)}.`);
    }
    if (!Array.isArray(artifacts) || artifacts.some((path) => typeof path !== "string")) {
      throw new OptionError(`MLflow: artifacts must be an array of paths, got ${show(artifacts)}.`);
    }
    this.uri = uri.replace(/\/+$/, "");
    this.experiment = experiment;
    this.runName = runName;
    this.artifacts = artifacts;
    this.client = new MLflowClient(this.uri);
  }

  /** The id that the server gave the run; undefined before its first epoch ended. */
  get runId(): string | undefined {
    return this.run?.runId;
  }

  async onTrainBegin(fit: FitTask): Promise<void> {
    this.fit = fit;
    this.client = new MLflowClient(this.uri);
    this.run = undefined;
    this.isResumed = false;
    this.metrics = [];
    this.params = paramsOf(fit);
    this.hasError = false;
    this.isComplaining = false;
    try {
      this.experimentId = await this.client.experiment(this.experiment);
    } catch (error) {
      throw new OptionError(
        `MLflow: ${(error as Error).message} Start "mlflow server", or pass the uri of another one.`,
      );
    }
  }

  async onEpochEnd(epoch: Task, metrics: Metrics): Promise<void> {
    const timestamp = Date.now();
    const all = Object.entries({ ...metrics, learningRate: this.fit!.learningRate });
    for (const [name, value] of all) {
      this.metrics.push({ key: metricName(name), value, timestamp, step: epoch.index + 1 });
    }
    try {
      await this.send();
      this.isComplaining = false;
    } catch (error) {
      if (!this.isComplaining) {
        console.warn(`MLflow: ${(error as Error).message} What was to be logged is kept and sent after a next epoch.`);
      }
      this.isComplaining = true;
    }
  }

  onException(): void {
    this.hasError = true;
  }

  async onTrainEnd(_: FitTask, { status, reason }: Ending): Promise<void> {
    const run = await this.send();
    this.fit = undefined;
    await this.client.setTag(run.runId, { key: "mlflow.note.content", value: reason });
    await this.client.update(run.runId, this.hasError ? "FAILED" : statuses[status]);
    for (const path of this.artifacts) await this.client.upload(run, basename(path), await readFile(path));
  }

  state(): JsonValue {
    const metrics = this.metrics.map((metric) => ({ ...metric, value: numberToJSON(metric.value) }));
    return { run: this.run && { ...this.run }, metrics, params: this.params.map((param) => ({ ...param })) };
  }

  restore(state: JsonValue): void {
    const { run, metrics, params } = state as unknown as Stored;
    this.run = run;
    this.isResumed = run !== undefined;
    this.metrics = metrics.map((metric) => ({ ...metric, value: numberFromJSON(metric.value) }));
    this.params = params;
  }

  /** Logs what waits, in a run that the first call makes. */
  private async send(): Promise<LoggedRun> {
    const { name, runId } = this.fit!;
    const tags = [{ key: "etude.runId", value: runId }];
    this.run ??= await this.client.createRun(this.experimentId, this.runName ?? name, tags);
    if (this.isResumed) await this.client.update(this.run.runId, "RUNNING");
    this.isResumed = false;
    await this.client.logBatch(this.run.runId, this.metrics, this.params);
    this.metrics = [];
    this.params = [];
    return this.run;
  }
}

interface Stored {
  readonly run?: LoggedRun;
  readonly metrics: (Omit<LoggedMetric, "value"> & { readonly value: JsonValue })[];
  readonly params: LoggedText[];
}

function paramsOf({ setup }: FitTask): LoggedText[] {
  return Object.entries(setup).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [{ key: metricName(key), value: typeof value === "string" ? value : JSON.stringify(value) }];
  });
}

/** With the characters that MLflow takes in a name. */
function metricName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_\-. :/]/gu, "_");
}
