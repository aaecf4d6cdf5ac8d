import { checkNumber, show } from "../core/check.js";
import { OptionError } from "../core/errors.js";
import { isSchedule, type Schedule } from "./schedules/schedule.js";

/** What every optimizer takes. */
export interface OptimizerOptions {
  /** A number, or a schedule such as `schedules.cosine({ ... })`. */
  readonly learningRate?: number | Schedule;
  /**
   * Share of each weight that a step takes away, times the learning rate, apart from the gradient (Loshchilov & Hutter,
   * ICLR 2019). @default 0, and 0.004 for adamw
   */
  readonly weightDecay?: number | WeightDecay;
  /** Shorten the gradient of a variable to at most this L2 norm. Only one of the three clips at a time. @default none */
  readonly clipNorm?: number;
  /** Shorten all gradients together to at most this L2 norm. @default none */
  readonly globalClipNorm?: number;
  /** Cut each number of a gradient to plus or minus this. @default none */
  readonly clipValue?: number;
  /** Keep a moving average of the weights, see `averaged` and `useAveraged`. @default none */
  readonly ema?: MovingAverage;
  /**
   * Gradients whose mean makes one update: as if the batch were so many times as large. Schedules and averages go by
   * updates; Keras goes by calls. @default 1
   */
  readonly accumulate?: number;
}

export interface WeightDecay {
  readonly rate: number;
  /** @default the variables with two axes or more: kernels and embeddings, not biases and the scales of norms */
  readonly appliesTo?: (name: string, shape: readonly number[]) => boolean;
}

/** `average = momentum * average + (1 - momentum) * weight` after each update; the first average is the weight itself. */
export interface MovingAverage {
  /** From 0 to below 1. @default 0.99 */
  readonly momentum?: number;
  /** Put the averages in the place of the weights every so many updates. @default never */
  readonly overwriteEvery?: number;
}

/** {@link OptimizerOptions} with every number checked. */
export interface CheckedOptions {
  /** All options as they came, those of the one optimizer among them. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly learningRate: number | Schedule;
  readonly weightDecay: Required<WeightDecay> | undefined;
  readonly clip: { readonly by: "clipNorm" | "globalClipNorm" | "clipValue"; readonly limit: number } | undefined;
  readonly ema: { readonly momentum: number; readonly overwriteEvery: number | undefined } | undefined;
  readonly accumulate: number;
}

const clips = ["clipNorm", "globalClipNorm", "clipValue"] as const;
const names = ["learningRate", "weightDecay", ...clips, "ema", "accumulate"];

/**
 * @param defaults - Of the options that only this optimizer has, and of the learning rate.
 * @returns Those options, not checked yet.
 * @throws OptionError if there is an option of another name.
 */
export function withDefaults<Own extends object>(where: string, options: object, defaults: Own): WithDefaults<Own> {
  if (options === null || typeof options !== "object") {
    throw new OptionError(`${where}: options must be an object such as { learningRate: 0.01 }, got ${show(options)}.`);
  }
  const known = [...new Set([...names, ...Object.keys(defaults)])];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(`${where}: there is no option ${JSON.stringify(unknown)}, only ${known.join(", ")}.`);
  }
  return { ...defaults, ...options } as WithDefaults<Own>;
}

type WithDefaults<Own> = Omit<Own, keyof OptimizerOptions> & OptimizerOptions & RateOption;
type RateOption = { readonly learningRate: number | Schedule };

export function checkOptions(where: string, options: OptimizerOptions & RateOption): CheckedOptions {
  const given = clips.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw new OptionError(`${where}: only one of ${clips.join(", ")} can be given, got ${given.join(" and ")}.`);
  }
  const by = given[0];
  return {
    given: { ...options },
    learningRate: checkLearningRate(where, options.learningRate),
    weightDecay: checkWeightDecay(where, options.weightDecay),
    clip: by && { by, limit: checkNumber(where, by, options[by]!, { above: 0 }) },
    ema: checkEma(where, options.ema),
    accumulate: checkNumber(where, "accumulate", options.accumulate ?? 1, { integer: true, atLeast: 1 }),
  };
}

export function checkLearningRate(where: string, value: number | Schedule): number | Schedule {
  return isSchedule(value) ? value : checkNumber(where, "learningRate", value, { atLeast: 0 });
}

function checkWeightDecay(where: string, value: number | WeightDecay | undefined): CheckedOptions["weightDecay"] {
  if (value === undefined) return undefined;
  const { rate, appliesTo = isKernel } = typeof value === "object" && value !== null ? value : { rate: value };
  checkNumber(where, "weightDecay", rate, { atLeast: 0 });
  if (typeof appliesTo !== "function") {
    throw new OptionError(
      `${where}: weightDecay.appliesTo must be a function of name and shape, got ${show(appliesTo)}.`,
    );
  }
  return rate === 0 ? undefined : { rate, appliesTo };
}

function isKernel(_name: string, shape: readonly number[]): boolean {
  return shape.length > 1;
}

function checkEma(where: string, ema: MovingAverage | undefined): CheckedOptions["ema"] {
  if (ema === undefined) return undefined;
  if (ema === null || typeof ema !== "object") {
    throw new OptionError(`${where}: ema must be an object such as { momentum: 0.99 }, got ${show(ema)}.`);
  }
  const { momentum = 0.99, overwriteEvery } = ema;
  checkNumber(where, "ema.momentum", momentum, { atLeast: 0, below: 1 });
  if (overwriteEvery !== undefined) {
    checkNumber(where, "ema.overwriteEvery", overwriteEvery, { integer: true, atLeast: 1 });
  }
  return { momentum, overwriteEvery };
}
