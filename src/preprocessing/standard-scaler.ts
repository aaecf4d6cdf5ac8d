import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import { columnMoments } from "../core/moments.js";
import type { NotHeldOut, SamePart } from "../core/part.js";
import { checkLearnable, numbersOf } from "./input.js";
import {
  checkTransformerJSON,
  type Features,
  type FittedTransformer,
  registerTransformer,
  type Transformer,
} from "./transformer.js";

export interface StandardScalerOptions {
  /** Subtract the mean of each column. @default true */
  readonly withMean?: boolean;
  /** Divide by the standard deviation of each column. @default true */
  readonly withStd?: boolean;
}

/**
 * Rescales each column to mean 0 and standard deviation 1: `z = (x - mean) / scale`.
 *
 * The deviation divides by n. A constant column gets `scale = 1`, so it becomes 0 and not `NaN`. A missing value is left
 * out while learning and stays missing.
 *
 * @example
 * const scaler = new StandardScaler().fit(train.select("bodyMass"));
 * scaler.transform(test.select("bodyMass")); // with the mean and the deviation of train
 */
export class StandardScaler implements Transformer {
  constructor(readonly options: StandardScalerOptions = {}) {}

  /**
   * @param x - Train rows, shape `(nSamples, nFeatures)`, numbers or booleans.
   * @throws ShapeError if there are no rows.
   * @throws DataError if the rows are held out, or a column holds text, infinite values or none at all.
   */
  fit<T extends Features>(x: NotHeldOut<T>): FittedStandardScaler {
    const { withMean = true, withStd = true } = this.options;
    const features = checkLearnable("StandardScaler.fit", x);
    const numbers = numbersOf("StandardScaler.fit", features, features.names);
    const { count, mean, variance } = columnMoments(numbers);
    variance.forEach((value, column) => {
      if (Number.isFinite(value)) return;
      const what = count[column] === 0 ? "has no values" : "holds infinite or too large values";
      throw new DataError(`StandardScaler.fit: column ${show(numbers.names[column])} ${what}. Clean or drop it.`);
    });
    const scale = variance.map((value, column) =>
      isConstant(value, mean[column]!, count[column]!) ? 1 : Math.sqrt(value),
    );
    return new FittedStandardScaler(numbers.names, withMean ? mean : mean.fill(0), withStd ? scale : scale.fill(1));
  }
}

export interface StandardScalerJSON {
  readonly type: "StandardScaler";
  readonly names: readonly string[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/** What {@link StandardScaler.fit} learned; `mean` and `scale` have shape `(nFeatures,)`. */
export class FittedStandardScaler implements FittedTransformer {
  constructor(
    readonly inputNames: readonly string[],
    readonly mean: Float64Array,
    readonly scale: Float64Array,
  ) {}

  /** Each column keeps its name. */
  get featureNames(): readonly string[] {
    return this.inputNames;
  }

  /** @param x - The columns of `fit`, shape `(nSamples, nFeatures)`. */
  transform<T extends Features>(x: T): SamePart<T, Matrix> {
    const numbers = numbersOf("StandardScaler.transform", x, this.inputNames);
    return this.relabel(numbers.map((value, column) => (value - this.mean[column]!) / this.scale[column]!)) as never;
  }

  /** Back to the units of the data: `x = z * scale + mean`. @param z - Shape `(nSamples, nFeatures)`. */
  inverseTransform<T extends Matrix>(z: T): SamePart<T, Matrix> {
    const numbers = numbersOf("StandardScaler.inverseTransform", z, this.inputNames);
    return this.relabel(numbers.map((value, column) => value * this.scale[column]! + this.mean[column]!)) as never;
  }

  toJSON(): StandardScalerJSON {
    return { type: "StandardScaler", names: this.inputNames, mean: [...this.mean], scale: [...this.scale] };
  }

  static fromJSON(json: StandardScalerJSON): FittedStandardScaler {
    checkTransformerJSON(json, "StandardScaler", "names", "mean", "scale");
    return new FittedStandardScaler([...json.names], Float64Array.from(json.mean), Float64Array.from(json.scale));
  }

  private relabel({ data, nRows, nColumns, part }: Matrix): Matrix {
    return new Matrix(data, nRows, nColumns, { names: this.inputNames, part });
  }
}

/** Whether a variance is no more than rounding makes of equal values: the bound of scikit-learn's `_is_constant_feature`. */
function isConstant(variance: number, mean: number, count: number): boolean {
  return variance <= count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
}

registerTransformer("StandardScaler", FittedStandardScaler.fromJSON);
