import { checkNumber } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import { InitializerClass } from "./initializer.js";

export interface IdentityOptions {
  /** The numbers on the diagonal. @default 1 */
  readonly gain?: number;
}

/** `gain` on the diagonal, 0 elsewhere. In the place of TensorFlow.js' own, which takes square matrices only. */
export class Identity extends InitializerClass {
  static readonly className = "Identity";
  private readonly gain: number;

  constructor(options: IdentityOptions = {}) {
    super();
    this.gain = checkNumber("identity", "gain", options.gain ?? 1);
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const [nRows, nColumns] = shape as number[];
    if (shape.length !== 2) {
      throw new ShapeError(
        `identity: a weight must be a matrix, got shape [${shape}]. Use it for the kernel of a dense layer.`,
      );
    }
    return tf.tidy(() => tf.mul(this.gain, tf.eye(nRows!, nColumns!)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { gain: this.gain };
  }
}
register(Identity);
