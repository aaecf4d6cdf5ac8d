import { checkNumber, checkOneOf } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import type { Regularizer } from "./layer-weight.js";

const modes = ["rows", "columns"] as const;

/** TensorFlow.js asks whether a regularizer is one of this class, and does not export it. */
const RegularizerClass: (abstract new () => Regularizer) & Pick<typeof tf.serialization.Serializable, "fromConfig"> =
  Object.getPrototypeOf(tf.regularizers.l1l2().constructor);

export interface OrthogonalRegularizerOptions {
  /** From 0. @default 0.01 */
  readonly factor?: number;
  /** What is to be orthogonal to each other. @default "rows" */
  readonly mode?: (typeof modes)[number];
}

/**
 * `factor` times the mean absolute cosine between any two rows or columns. A kernel of more axes counts as a matrix with a column for
 * each of its last axis; one row alone costs nothing.
 */
export class OrthogonalRegularizer extends RegularizerClass {
  static readonly className = "OrthogonalRegularizer";
  private readonly factor: number;
  private readonly mode: (typeof modes)[number];

  constructor({ factor = 0.01, mode = "rows" }: OrthogonalRegularizerOptions = {}) {
    super();
    this.factor = checkNumber("regularizers.orthogonal", "factor", factor, { atLeast: 0 });
    this.mode = checkOneOf("regularizers.orthogonal", "mode", mode, modes);
  }

  override apply(weight: tf.Tensor): tf.Scalar {
    if (weight.rank < 2) {
      throw new ShapeError(
        `regularizers.orthogonal: a weight must have two axes or more, got shape [${weight.shape}]. Use it for kernels.`,
      );
    }
    return tf.tidy(() => {
      const matrix = tf.reshape(weight, [-1, weight.shape.at(-1)!]);
      const vectors = this.mode === "rows" ? matrix : tf.transpose(matrix);
      const squares = tf.sum(tf.square(vectors), 1, true);
      const unit = tf.div(vectors, tf.maximum(tf.sqrt(squares), 1e-12));
      const n = vectors.shape[0]!;
      const cosines = tf.mul(tf.matMul(unit, unit, false, true), tf.sub(1, tf.eye(n)));
      return tf.mul(tf.sum(tf.abs(cosines)), this.factor / Math.max(1, n * (n - 1))) as tf.Scalar;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { factor: this.factor, mode: this.mode };
  }
}
register(OrthogonalRegularizer);
