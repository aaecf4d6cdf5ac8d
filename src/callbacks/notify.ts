import { checkNumber, show } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";
import type { Callback, Ending, FitTask, Metrics, RunStatus } from "./callback.js";

/** What is sent when a run ends. */
export interface Notice {
  /** One sentence, also under the name by which chat services know it. */
  readonly text: string;
  readonly runId: string;
  readonly title: string;
  readonly status: RunStatus;
  readonly reason: string;
  readonly metrics: Metrics;
  readonly seconds: number;
}

export interface NotifyOptions {
  /** Shorter runs are not worth a notice, from 0. @default 0 */
  readonly minSeconds?: number;
  /** How long a webhook may take, in seconds, above 0. @default 10 */
  readonly timeoutSeconds?: number;
}

/**
 * Tells somebody that a run has ended, however it did: a function of yours, or a webhook, which gets the notice as JSON (the
 * field `text` is what Slack, Mattermost and the like show). What goes wrong there is said once and changes nothing.
 *
 * @example
 * new Notify("https://hooks.slack.com/services/...");
 * new Notify(({ text }) => console.log(text));
 */
export class Notify implements Callback {
  readonly name = "Notify";
  private readonly minSeconds: number;
  private readonly timeoutMs: number;
  private readonly url: URL | undefined;
  private readonly tell: (notice: Notice) => unknown;
  private startedMs = 0;

  constructor(target: string | URL | ((notice: Notice) => unknown), options: NotifyOptions = {}) {
    checkNames("Notify", options, ["minSeconds", "timeoutSeconds"]);
    const { minSeconds = 0, timeoutSeconds = 10 } = options;
    this.minSeconds = checkNumber("Notify", "minSeconds", minSeconds, { atLeast: 0 });
    this.timeoutMs = 1000 * checkNumber("Notify", "timeoutSeconds", timeoutSeconds, { above: 0 });
    this.url = typeof target === "function" ? undefined : webhook(target);
    this.tell = typeof target === "function" ? target : (notice) => this.post(notice);
  }

  onTrainBegin(): void {
    this.startedMs = performance.now();
  }

  async onTrainEnd(fit: FitTask, { status, reason, metrics }: Ending): Promise<void> {
    const seconds = (performance.now() - this.startedMs) / 1000;
    if (seconds < this.minSeconds) return;
    const text = `${fit.name}: ${status} after ${seconds.toFixed(0)} s. ${reason}`;
    await this.tell({ text, runId: fit.runId, title: fit.name, status, reason, metrics, seconds });
  }

  private async post(notice: Notice): Promise<void> {
    const { host } = this.url!;
    const response = await fetch(this.url!, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(notice),
      signal: AbortSignal.timeout(this.timeoutMs),
    }).catch((error: Error) => {
      throw new Error(`${host} could not be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    });
    if (!response.ok) throw new Error(`${host} answered ${response.status} ${response.statusText}.`);
  }
}

/** The address itself is a secret and stays out of errors. */
function webhook(target: string | URL): URL {
  const text = String(target);
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new OptionError(
      `Notify: expected a function or the address of a webhook, https://..., got ${typeof target === "string" ? "other text" : show(target)}.`,
    );
  }
  return new URL(text);
}
