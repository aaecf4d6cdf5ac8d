import type { Callback, Ending, FitTask, Metrics, Task } from "../../src/callbacks/callback.js";
import { CallbackList } from "../../src/callbacks/callback-list.js";

/** Plays the hooks of a fit whose epochs report `script`, without a model. */
export async function scriptedFit(
  callbacks: readonly Callback[],
  script: readonly Metrics[],
  options: { readonly status?: Ending["status"]; readonly reports?: readonly string[] } = {},
) {
  const log: string[] = [];
  let epochs = 0;
  let kept = 0;
  const fit: FitTask = {
    name: "scripted",
    index: 0,
    total: script.length,
    parent: null,
    reports: options.reports ?? Object.keys(script[0] ?? {}),
    nSamples: 10,
    learningRate: 0.1,
    restoredEpoch: null,
    keepWeights() {
      const epoch = epochs;
      kept++;
      return {
        restore: () => log.push(`restored epoch ${epoch}`),
        dispose: () => kept--,
      };
    },
  };
  const list = new CallbackList(callbacks);
  await list.trainBegin(fit);
  let reason: string | undefined;
  for (const metrics of script) {
    const epoch: Task = { name: "epoch", index: epochs, total: 1, parent: fit };
    await list.epochBegin(epoch);
    await list.batchEnd({ name: "batch", index: 0, total: null, parent: epoch }, { loss: metrics.loss ?? 0 });
    epochs++;
    reason = await list.epochEnd(epoch, metrics);
    if (reason !== undefined) break;
  }
  const status = options.status ?? (reason === undefined ? "completed" : "stopped");
  await list.trainEnd(fit, { status, reason: reason ?? "", metrics: script[epochs - 1] ?? {} });
  return { epochs, reason, log, stillKept: kept };
}
