import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { RandomStream } from "../core/random.js";
import { tf } from "../engine/tf.js";
import type { LossFunction } from "./loss.js";
import { isLoss } from "./losses.js";

export interface CheckLossOptions {
  /** Targets to try the loss with. @default some that fit a loss of ours, numbers otherwise */
  readonly yTrue?: tf.Tensor;
  /** What a model might give for them. @default seeded numbers from -2 to 2, 8 rows of 3 */
  readonly yPred?: tf.Tensor;
}

/** One property of a loss. */
export interface LossCheck {
  readonly name: "result" | "gradient" | "direction" | "scale" | "extremes";
  readonly passed: boolean;
  /** What was found, in one sentence with numbers. */
  readonly says: string;
}

/**
 * Tries a loss as training would use it: does it give one number for the batch or for each sample, is its gradient that of
 * finite differences, does it fall along its gradient, how large are both, and does anything break at extreme outputs.
 *
 * @throws OptionError if `loss` is no function, or the samples that are passed do not go together.
 */
export function lossChecks(loss: LossFunction, options: CheckLossOptions = {}): LossCheck[] {
  if (typeof loss !== "function") {
    throw new OptionError(`checkLoss: loss must be a function of (yTrue, yPred), got ${show(loss)}.`);
  }
  const checks: LossCheck[] = [];
  tf.tidy(() => {
    const samples = samplesFor(loss, options);
    const trial = new Trial(loss, samples.yTrue, samples.yPred);
    const result = trial.result();
    checks.push(result);
    if (result.passed) checks.push(trial.gradient(), trial.direction(), trial.scale(), trial.extremes());
  });
  return checks;
}

interface Samples {
  readonly yTrue: tf.Tensor;
  readonly yPred: tf.Tensor;
}

function samplesFor(loss: LossFunction, { yTrue, yPred }: CheckLossOptions): Samples {
  if (yTrue && yPred) return { yTrue, yPred };
  if (yTrue || yPred) throw new OptionError("checkLoss: pass both yTrue and yPred, or neither.");
  const random = RandomStream.of(0, "data");
  const targets = isLoss(loss) ? loss.targets : "numbers";
  const shape = targets === "sequences" ? [8, 6, 3] : [8, 3];
  const size = shape.reduce((a, b) => a * b);
  const numbers = (n: number, next: () => number, of: number[], dtype: "float32" | "int32" = "float32") =>
    tf.tensor(Array.from({ length: n }, next), of, dtype);
  const outputs = numbers(size, () => 4 * random.uniform() - 2, shape);
  if (targets === "classes" || targets === "groups") {
    return { yTrue: numbers(8, () => random.integer(3), [8], "int32"), yPred: outputs };
  }
  if (targets === "sequences") return { yTrue: numbers(16, () => random.integer(2), [8, 2], "int32"), yPred: outputs };
  const next = {
    answers: () => random.integer(2),
    counts: () => random.integer(5),
    numbers: () => 4 * random.uniform() - 2,
  };
  return { yTrue: numbers(size, next[targets], shape), yPred: outputs };
}

const step = 1e-2;

class Trial {
  constructor(
    private readonly loss: LossFunction,
    private readonly yTrue: tf.Tensor,
    private readonly yPred: tf.Tensor,
  ) {}

  result(): LossCheck {
    const raw = this.loss(this.yTrue, this.yPred);
    const isTensor = raw instanceof tf.Tensor;
    const passed = isTensor && (raw.rank === 0 || raw.shape[0] === this.yPred.shape[0]);
    const got = isTensor ? (raw.rank === 0 ? "one number" : `shape (${raw.shape.join(", ")})`) : show(raw);
    const says = passed
      ? `It gives ${got} for a batch of ${this.yPred.shape[0]}.`
      : `It must give one number, or one for each of the ${this.yPred.shape[0]} samples, and gives ${got}.`;
    return { name: "result", passed, says };
  }

  gradient(): LossCheck {
    const slopes = this.slopes();
    if (slopes === null) {
      return {
        name: "gradient",
        passed: false,
        says: "It has no gradient: nothing that it computes from yPred is differentiable, a comparison alone is not.",
      };
    }
    const outputs = this.yPred.dataSync<"float32">();
    const off: number[] = [];
    for (let i = 0; i < outputs.length; i++) {
      const difference = (this.moved(i, step) - this.moved(i, -step)) / (2 * step);
      const larger = Math.max(1e-2, Math.abs(difference), Math.abs(slopes[i]!));
      if (!(Math.abs(difference - slopes[i]!) < 0.05 * larger)) off.push(i);
    }
    // One of eight may lie at a kink: hinges have them, and the hardest pairs of a batch.
    const passed = off.length <= outputs.length / 8;
    const says = passed
      ? `Its gradient is that of finite differences at ${outputs.length - off.length} of ${outputs.length} outputs.`
      : `Its gradient is not that of finite differences at ${off.length} of ${outputs.length} outputs, the first one ${off[0]}.`;
    return { name: "gradient", passed, says };
  }

  direction(): LossCheck {
    const before = this.value(this.yPred);
    const slopes = this.slopes();
    const norm = slopes === null ? 0 : normOf(slopes);
    if (slopes === null || norm === 0) {
      return { name: "direction", passed: false, says: "It does not say where to go: its gradient is 0 everywhere." };
    }
    const toward = tf.tensor(slopes, this.yPred.shape);
    const after = this.value(tf.sub(this.yPred, tf.mul(toward, 0.01 / norm)));
    const passed = after < before;
    const says = `A small step against the gradient takes it from ${before.toPrecision(5)} to ${after.toPrecision(5)}${passed ? "." : ", which is no less."}`;
    return { name: "direction", passed, says };
  }

  scale(): LossCheck {
    const value = this.value(this.yPred);
    const norm = normOf(this.slopes() ?? []);
    const passed = Number.isFinite(value) && norm > 1e-6 && norm < 1e3;
    const advice = passed ? "." : ", far from the 0.01 to 10 of usual losses; multiply it, or adapt the learning rate.";
    return {
      name: "scale",
      passed,
      says: `Its value is ${value.toPrecision(3)} and the norm of its gradient ${norm.toPrecision(3)}${advice}`,
    };
  }

  extremes(): LossCheck {
    const { yPred } = this;
    const cases: [string, tf.Tensor][] = [
      ["0", tf.zerosLike(yPred)],
      ["40", tf.fill(yPred.shape, 40)],
      ["-40", tf.fill(yPred.shape, -40)],
      ["10,000", tf.fill(yPred.shape, 1e4)],
      ["-10,000", tf.fill(yPred.shape, -1e4)],
    ];
    if (this.yTrue.shape.join() === yPred.shape.join()) cases.push(["the targets", tf.cast(this.yTrue, "float32")]);
    for (const [name, outputs] of cases) {
      const value = this.value(outputs);
      const slope = normOf(new Trial(this.loss, this.yTrue, outputs).slopes() ?? []);
      if (Number.isFinite(value) && Number.isFinite(slope)) continue;
      const what = Number.isFinite(value) ? `gradient is ${slope}` : `value is ${value}`;
      return { name: "extremes", passed: false, says: `Where all outputs are ${name}, its ${what}.` };
    }
    const names = cases.map(([name]) => name).join(", ");
    return { name: "extremes", passed: true, says: `Value and gradient are finite where all outputs are ${names}.` };
  }

  private value(yPred: tf.Tensor): number {
    return tf.tidy(() => tf.mean(this.loss(this.yTrue, yPred))).dataSync()[0]!;
  }

  private moved(place: number, by: number): number {
    const values = this.yPred.dataSync<"float32">().slice();
    values[place]! += by;
    return this.value(tf.tensor(values, this.yPred.shape));
  }

  private slopes(): Float32Array | null {
    try {
      const slope = tf.grad((yPred: tf.Tensor) => tf.mean(this.loss(this.yTrue, yPred)))(this.yPred);
      return slope.dataSync<"float32">();
    } catch (error) {
      // What TensorFlow.js says where nothing leads from the result to yPred.
      if (error instanceof Error && /Cannot compute gradient/.test(error.message)) return null;
      throw error;
    }
  }
}

function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}
