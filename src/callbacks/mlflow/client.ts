/** A measurement as MLflow keeps it. */
export interface LoggedMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** A name and a text, as MLflow has parameters and tags. */
export interface LoggedText {
  readonly key: string;
  readonly value: string;
}

export type LoggedStatus = "RUNNING" | "FINISHED" | "FAILED" | "KILLED";

export interface LoggedRun {
  readonly runId: string;
  /** Where its files go. */
  readonly artifactUri: string;
}

const timeoutMs = 10_000;
/** The most of each that a request may have. */
const [maxMetrics, maxTexts] = [1000, 100];
const maxTextLength = 6000;

/** The REST API of an MLflow server, as far as a run needs it. */
export class MLflowClient {
  private readonly headers: Readonly<Record<string, string>>;

  /** @param uri - Of the server, without a slash at the end. */
  constructor(private readonly uri: string) {
    this.headers = authorization(process.env);
  }

  /** The id of the experiment of that name, which is made if there is none. */
  async experiment(name: string): Promise<string> {
    const query = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const found = (await this.call("GET", query, undefined, 404)) as Experiment | null;
    if (found !== null) return found.experiment.experiment_id;
    const made = await this.call("POST", "experiments/create", { name });
    return (made as { experiment_id: string }).experiment_id;
  }

  async createRun(experimentId: string, name: string, tags: readonly LoggedText[]): Promise<LoggedRun> {
    const body = { experiment_id: experimentId, run_name: name, start_time: Date.now(), tags };
    const { run } = (await this.call("POST", "runs/create", body)) as CreatedRun;
    return { runId: run.info.run_id, artifactUri: run.info.artifact_uri };
  }

  async logBatch(runId: string, metrics: readonly LoggedMetric[], params: readonly LoggedText[]): Promise<void> {
    for (let at = 0; at < metrics.length; at += maxMetrics) {
      const some = metrics.slice(at, at + maxMetrics).map((metric) => ({ ...metric, value: jsonDouble(metric.value) }));
      await this.call("POST", "runs/log-batch", { run_id: runId, metrics: some });
    }
    for (let at = 0; at < params.length; at += maxTexts) {
      const some = params.slice(at, at + maxTexts).map(({ key, value }) => ({ key, value: shortened(value) }));
      await this.call("POST", "runs/log-batch", { run_id: runId, params: some });
    }
  }

  async setTag(runId: string, tag: LoggedText): Promise<void> {
    await this.call("POST", "runs/set-tag", { run_id: runId, ...tag });
  }

  async update(runId: string, status: LoggedStatus): Promise<void> {
    const ended = status === "RUNNING" ? {} : { end_time: Date.now() };
    await this.call("POST", "runs/update", { run_id: runId, status, ...ended });
  }

  /** Needs a server that stores files itself, as `mlflow server` does by default. */
  async upload({ artifactUri }: LoggedRun, name: string, bytes: Uint8Array): Promise<void> {
    const place = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri)?.[1];
    if (place === undefined) {
      const kind = artifactUri.split(":")[0];
      throw new Error(`the server stores files at "${kind}:", where only a program with access to it can put them.`);
    }
    const path = [place, name].flatMap((part) => part.split("/")).map(encodeURIComponent);
    await this.fetch("PUT", `mlflow-artifacts/artifacts/${path.join("/")}`, {
      headers: { "content-type": "application/octet-stream" },
      body: bytes,
    });
  }

  /** @param absent - The status with which the server says that there is no such thing: then null. */
  private async call(method: string, endpoint: string, body?: object, absent?: number): Promise<unknown> {
    const init = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await this.fetch(method, `mlflow/${endpoint}`, init, absent);
    return response.status === absent ? null : response.json();
  }

  private async fetch(method: string, path: string, init: RequestInit = {}, absent?: number): Promise<Response> {
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${this.uri}/api/2.0/${path}`, { ...init, method, headers, signal }).catch(
      (error: Error) => {
        const why = (error.cause as Error | undefined)?.message ?? error.message;
        throw new Error(`${this.uri} could not be reached: ${why}`);
      },
    );
    if (response.ok || response.status === absent) return response;
    throw new Error(`${this.uri} answered ${response.status} to ${path.split("?")[0]}: ${await messageOf(response)}`);
  }
}

interface Experiment {
  readonly experiment: { readonly experiment_id: string };
}

interface CreatedRun {
  readonly run: { readonly info: { readonly run_id: string; readonly artifact_uri: string } };
}

/** What MLflow's own client takes from the environment. */
function authorization(env: NodeJS.ProcessEnv): Record<string, string> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (token) return { authorization: `Bearer ${token}` };
  if (user) return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}` };
  return {};
}

/** Doubles that JSON has no number for go as text, as in the JSON of protocol buffers. */
function jsonDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function shortened(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text;
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  const message = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return message === undefined ? text.slice(0, 200) : JSON.parse(message);
}
