import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { hasHostArrays, hostArray, newTensor } from "../engine/host-arrays.js";
import { tf } from "../engine/tf.js";
import { type ArraysOf, ArrayWay } from "./array-way.js";
import { type FullRule, fullRule, type VariableScalars } from "./full-rule.js";
import type {
  ArrayParameter,
  NamedArray,
  Optimizer,
  OptimizerConfig,
  OptimizerState,
  ReplacedWeights,
} from "./optimizer.js";
import { optimizerConfig } from "./optimizer-config.js";
import { type CheckedOptions, checkLearningRate } from "./optimizer-options.js";
import { checkState } from "./optimizer-state.js";
import type { Rule } from "./rule.js";
import { isSchedule, type Schedule, type ScheduleJSON } from "./schedules/schedule.js";
import { schedules } from "./schedules/schedules.js";
import { Slots } from "./slots.js";
import { type TensorsOf, TensorWay } from "./tensor-way.js";
import type { Parameter, Way } from "./way.js";

/**
 * An optimizer that follows a {@link Rule}: counts steps, finds the numbers of a step and lets the way that fits the
 * backend do the rest. On wasm and cpu the weights are read where they lie, and moved by one loop.
 */
export class RuleOptimizer implements Optimizer {
  private readonly rule: FullRule;
  private readonly slots: Slots;
  private readonly onArrays: ArrayWay;
  private readonly onTensors: TensorWay;
  private rate: number | Schedule;
  private steps = 0;
  private pending = 0;

  constructor(
    readonly name: string,
    rule: Rule,
    private readonly options: CheckedOptions,
  ) {
    this.rule = fullRule(rule, options);
    this.slots = new Slots(name);
    this.onArrays = new ArrayWay(this.rule, this.slots);
    this.onTensors = new TensorWay(this.rule, this.slots);
    this.rate = options.learningRate;
  }

  get config(): OptimizerConfig | null {
    return optimizerConfig(this.name, { ...this.options.given, learningRate: this.rate });
  }

  get step(): number {
    return this.steps;
  }

  get learningRate(): number {
    return isSchedule(this.rate) ? this.rate.at(this.steps) : this.rate;
  }

  set learningRate(value: number | Schedule) {
    this.rate = checkLearningRate(this.name, value);
  }

  apply(gradients: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): string | null {
    const moving: TensorsOf[] = [];
    for (const variable of variables) {
      const { name, shape } = variable;
      const gradient = gradients[name];
      if (gradient === undefined) continue;
      this.checkVariable(variable, gradient);
      moving.push({ name, shape, variable, gradient });
    }
    return hasHostArrays() ? this.applyInPlace(moving) : this.advance(this.onTensors, moving);
  }

  applyArrays(parameters: readonly ArrayParameter[]): string | null {
    const moving = parameters.map(({ name, shape, weight, gradient, out = weight }) => {
      this.checkArray(name, "the weight", shape, weight);
      this.checkArray(name, "the gradient", shape, gradient);
      this.checkArray(name, "the new weight", shape, out);
      return { name, shape, weight, gradient, out };
    });
    return this.advance(this.onArrays, moving);
  }

  averaged(): Record<string, NamedArray> {
    this.checkAveraging("averaged");
    return this.slots.copies((name, kind) => (kind === "average" ? name : undefined));
  }

  useAveraged(variables: readonly tf.Variable[]): ReplacedWeights {
    this.checkAveraging("useAveraged");
    const averages = this.averaged();
    const replaced = variables
      .filter(({ name }) => averages[name] !== undefined)
      .map((variable) => ({ variable, weight: tf.keep(variable.clone()) }));
    tf.tidy(() => {
      for (const { variable } of replaced) variable.assign(tf.tensor(averages[variable.name]!.values, variable.shape));
    });
    const dispose = () => tf.dispose(replaced.map(({ weight }) => weight));
    return {
      restore() {
        for (const { variable, weight } of replaced) if (!weight.isDisposed) variable.assign(weight);
        dispose();
      },
      dispose,
    };
  }

  state(): OptimizerState {
    const json = {
      optimizer: this.name,
      step: this.steps,
      pending: this.pending,
      learningRate: isSchedule(this.rate) ? this.rate.toJSON() : this.rate,
    };
    return { json, arrays: this.slots.copies((name, kind) => `${name}/${kind}`) };
  }

  load(state: OptimizerState): void {
    const { accumulate, ema } = this.options;
    const own = Object.keys(this.rule.slots).filter((kind) => kind !== "average");
    const optional = [...(ema ? ["average"] : []), ...(accumulate > 1 ? ["accumulated"] : [])];
    const slots = checkState(this.name, state, own, optional, accumulate);
    const { json } = state;
    const rate = this.storedRate(json.learningRate);
    this.slots.dispose();
    for (const { name, kind, array } of slots) this.slots.set(name, kind, array);
    this.steps = json.step;
    this.pending = json.pending;
    this.rate = rate;
  }

  dispose(): void {
    this.slots.dispose();
    this.steps = 0;
    this.pending = 0;
  }

  /** New tensors for the weights: the old ones may be shared, with kept weights or with what XNNPACK has packed. */
  private applyInPlace(moving: readonly TensorsOf[]): string | null {
    let refused: string | null = null;
    tf.tidy(() => {
      const isUpdate = this.isUpdateNext;
      const outs = moving.map(({ shape, variable }) => (isUpdate ? newTensor(shape) : variable));
      refused = this.advance(this.onArrays, inMemory(moving, outs));
      if (isUpdate && refused === null) moving.forEach(({ variable }, i) => void variable.assign(outs[i]!));
    });
    return refused;
  }

  private get isUpdateNext(): boolean {
    return this.pending + 1 === this.options.accumulate;
  }

  private advance<P extends Parameter>(way: Way<P>, given: readonly P[]): string | null {
    for (const { name, shape } of given) this.slots.check(name, shape);
    const refused = way.firstNotFinite(given);
    if (refused !== undefined) return refused.name;
    const { accumulate, ema } = this.options;
    const isUpdate = this.isUpdateNext;
    const parameters = accumulate === 1 ? given : given.map((parameter) => way.gather(parameter));
    this.pending = isUpdate ? 0 : this.pending + 1;
    if (!isUpdate) return null;
    const { learningRate } = this;
    way.beginStep(this.rule.scalars(this.steps, learningRate));
    const shares = this.gradientShares(way, parameters);
    this.steps++;
    const isOverwritten = ema?.overwriteEvery !== undefined && this.steps % ema.overwriteEvery === 0;
    parameters.forEach((parameter, i) => {
      way.update(parameter, this.variableScalars(parameter, learningRate, shares[i]!));
      if (isOverwritten) way.overwriteWithAverage(parameter);
      if (accumulate > 1) way.forgetGathered(parameter);
    });
    return null;
  }

  /** What is left of each gradient: its part of the mean, shortened to the norm that is allowed. */
  private gradientShares<P extends Parameter>(way: Way<P>, parameters: readonly P[]): number[] {
    const { clip, accumulate } = this.options;
    const mean = 1 / accumulate;
    if (clip === undefined || clip.by === "clipValue") return parameters.map(() => mean);
    const shorten = (norm: number) => (norm * mean > clip.limit ? clip.limit / norm : mean);
    const norms = way.norms(parameters);
    if (clip.by === "clipNorm") return norms.map(shorten);
    const share = shorten(Math.hypot(...norms));
    return parameters.map(() => share);
  }

  private variableScalars({ name, shape }: Parameter, learningRate: number, gradientShare: number): VariableScalars {
    const { weightDecay, ema } = this.options;
    const averageRate = ema && this.slots.has(name, "average") ? 1 - ema.momentum : 1;
    const decay = weightDecay?.appliesTo(name, shape) ? weightDecay.rate * learningRate : 0;
    return { gradientShare, decay, averageRate };
  }

  /** A custom schedule is code that no state holds: the one this optimizer was made with goes on. */
  private storedRate(stored: number | ScheduleJSON): number | Schedule {
    if (typeof stored !== "object" || stored === null) return checkLearningRate(`${this.name}.load`, stored);
    return stored.kind === "custom" && isSchedule(this.rate) ? this.rate : schedules.fromJSON(stored);
  }

  private checkAveraging(method: string): void {
    if (this.options.ema !== undefined) return;
    throw new OptionError(
      `${this.name}.${method}: there are no averages. Make the optimizer with ema, such as { momentum: 0.99 }.`,
    );
  }

  private checkVariable({ name, dtype, shape }: tf.Variable, gradient: tf.Tensor): void {
    if (dtype !== "float32") {
      throw new OptionError(`${this.name}: variable ${show(name)} must be float32, got ${dtype}.`);
    }
    if (!tf.util.arraysEqual(shape, gradient.shape)) throw this.misfit(name, "the gradient", shape, gradient.shape);
  }

  private checkArray(name: string, what: string, shape: readonly number[], array: Float32Array): void {
    const size = shape.reduce((product, length) => product * length, 1);
    if (array.length !== size) throw this.misfit(name, what, shape, [array.length]);
  }

  private misfit(name: string, what: string, expected: readonly number[], got: readonly number[]): ShapeError {
    return new ShapeError(
      `${this.name}: ${what} of ${show(name)} must fit its shape [${expected.join(", ")}], got [${got.join(", ")}].`,
    );
  }
}

/** The arrays of the variables where the backend keeps them. */
function inMemory(moving: readonly TensorsOf[], outs: readonly tf.Tensor[]): ArraysOf[] {
  const views = () =>
    moving.map(({ name, shape, variable, gradient }, i) => {
      return { name, shape, weight: hostArray(variable), gradient: hostArray(gradient), out: hostArray(outs[i]!) };
    });
  const found = views();
  // A tensor that came from another backend just now may have moved the heap, and the views before it became empty.
  const isStale = found.some(({ weight, gradient, out }, i) =>
    [weight, gradient, out].some(({ length }) => length !== moving[i]!.variable.size),
  );
  return isStale ? views() : found;
}
