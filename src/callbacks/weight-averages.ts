import { floatsFromJSON, floatsToJSON, type JsonValue } from "../core/json.js";
import type { FitTask } from "./callback.js";

/** A running mean of the weights of a run. */
export class WeightAverages {
  private averages: Float32Array[] | undefined;

  /** Moves each mean towards the weights as they are now. @param share - How far, above 0 to 1. */
  add(fit: FitTask, share: number): void {
    const weights = fit.weights();
    if (this.averages === undefined) {
      this.averages = weights.map((values) => values.slice());
      return;
    }
    for (const [i, mean] of this.averages.entries()) {
      const values = weights[i]!;
      for (let at = 0; at < mean.length; at++) mean[at]! += share * (values[at]! - mean[at]!);
    }
  }

  get values(): readonly Float32Array[] | undefined {
    return this.averages;
  }

  get areFinite(): boolean {
    return this.averages?.every((mean) => mean.every(Number.isFinite)) ?? false;
  }

  clear(): void {
    this.averages = undefined;
  }

  toJSON(): JsonValue {
    return weightsToJSON(this.averages);
  }

  restore(json: JsonValue): void {
    this.averages = weightsFromJSON(json);
  }
}

export function weightsToJSON(weights: readonly Float32Array[] | undefined): JsonValue {
  return weights === undefined ? null : weights.map(floatsToJSON);
}

export function weightsFromJSON(json: JsonValue): Float32Array[] | undefined {
  return json === null ? undefined : (json as readonly JsonValue[]).map(floatsFromJSON);
}
