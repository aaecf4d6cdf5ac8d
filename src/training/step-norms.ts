import type { WeightNorms } from "../callbacks/callback.js";
import type { tf } from "../engine/tf.js";

type Read = (variable: tf.Variable) => Float32Array;

/** Measures the lengths of weights, gradients and updates around one step. */
export class NormMeter {
  private readonly before: readonly Float32Array[];

  /** @param read - The numbers of a variable now. */
  constructor(
    private readonly variables: readonly tf.Variable[],
    private readonly read: Read,
  ) {
    this.before = variables.map((variable) => read(variable).slice());
  }

  /** After the step. @param gradientOf - Undefined for a variable that the loss does not depend on. */
  measured(gradientOf: (variable: tf.Variable, index: number) => Float32Array | undefined): {
    readonly norms: readonly WeightNorms[];
  } {
    const norms = this.variables.flatMap((variable, i) => {
      const gradient = gradientOf(variable, i);
      if (gradient === undefined) return [];
      const [before, after] = [this.before[i]!, this.read(variable)];
      return [
        {
          name: variable.name,
          gradient: norm(gradient.length, (at) => gradient[at]!),
          weight: norm(before.length, (at) => before[at]!),
          update: norm(before.length, (at) => after[at]! - before[at]!),
        },
      ];
    });
    return { norms };
  }
}

/** Those who want to hear of the norms of some steps. */
export class NormWatches {
  private readonly watches: {
    readonly isWanted: (step: number) => boolean;
    readonly listener: (norms: readonly WeightNorms[]) => void;
  }[] = [];
  private due: typeof this.watches = [];

  add(isWanted: (step: number) => boolean, listener: (norms: readonly WeightNorms[]) => void): void {
    this.watches.push({ isWanted, listener });
  }

  areWantedAt(step: number): boolean {
    if (this.watches.length === 0) return false;
    this.due = this.watches.filter(({ isWanted }) => isWanted(step));
    return this.due.length > 0;
  }

  /** Tells those who asked, and gives `result` back. */
  pass<Result extends { readonly norms?: readonly WeightNorms[] }>(result: Result): Result {
    if (result.norms !== undefined) for (const { listener } of this.due) listener(result.norms);
    return result;
  }
}

function norm(length: number, at: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += at(i) ** 2;
  return Math.sqrt(sum);
}
