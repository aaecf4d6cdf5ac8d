import { show } from "../../core/check.js";
import { OptionError, ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, register, rowText } from "../own-layer.js";

/** From the inputs of a layer, their batch axis included, to its output. */
export type LambdaFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

export interface LambdaConfig extends LayerConfig {
  /** Gets each input as an argument, of shape `(n, ...)`, and gives one tensor `(n, ...)`. */
  readonly function?: LambdaFunction;
  /** The name of a function from {@link registerLambda}, in the place of `function`. */
  readonly registered?: string;
}

const registered = new Map<string, LambdaFunction>();

/**
 * Gives a function a name, so that layers with it can be saved and loaded: the file has the name, and who loads it registers the
 * function first. A name that is taken goes over to the new function, for layers that are made from then on.
 *
 * @example
 * registerLambda("swap", (x) => tf.reverse(x, 1));
 * layers.lambda({ registered: "swap" });
 */
export function registerLambda(name: string, work: LambdaFunction): void {
  if (typeof name !== "string" || name === "") {
    throw new OptionError(`registerLambda: name must be a text that is not empty, got ${show(name)}.`);
  }
  if (typeof work !== "function") {
    throw new OptionError(`registerLambda: the second argument must be a function of tensors, got ${show(work)}.`);
  }
  registered.set(name, work);
}

/** {@link lambda}. */
export class Lambda extends tf.layers.Layer {
  static readonly className = "Lambda";
  private readonly work: LambdaFunction;
  private readonly registered: string | null;

  constructor(config: LambdaConfig) {
    super(config);
    this.registered = config.registered ?? null;
    this.work = this.functionOf(config);
  }

  private functionOf({ function: given, registered: name }: LambdaConfig): LambdaFunction {
    if ((given === undefined) === (name === undefined)) {
      const got = given === undefined ? "none" : "both";
      throw new OptionError(`${this.name}: takes either function or registered, got ${got}.`);
    }
    if (name !== undefined) {
      const known = registered.get(name);
      if (known !== undefined) return known;
      const call = `registerLambda(${show(name)}, f)`;
      throw new OptionError(`${this.name}: no function is registered as ${show(name)}. Call ${call} first.`);
    }
    if (typeof given === "function") return given;
    throw new OptionError(`${this.name}: function must be a function of tensors, got ${show(given)}.`);
  }

  /** Asks the function, with zeros of two sizes where any size fits: the axes of the result that follow are open, too. */
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as tf.Shape[];
    const [one, other] = [0, 1].map((more) =>
      tf.tidy(() => {
        const sizes = shapes.map((shape) => shape.map((size, axis) => size ?? (axis === 0 ? 2 : 16) + more));
        return this.result(sizes.map((shape) => tf.zeros(shape))).shape;
      }),
    ) as [number[], number[]];
    if (one[0] !== 2 || other[0] !== 3 || one.length !== other.length) {
      const got = shapes.map(rowText).join(" and ");
      throw new ShapeError(
        `${this.name}: function must give a row for each row, but gives ${rowText(one)} for two rows of ${got}. Leave axis 0 as it is.`,
      );
    }
    return one.map((size, axis) => (size === other[axis] ? size : null));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.result([inputs].flat() as tf.Tensor[]));
  }

  private result(inputs: tf.Tensor[]): tf.Tensor {
    const result: unknown = this.work(...inputs);
    if (result instanceof tf.Tensor) return result;
    throw new OptionError(`${this.name}: function must give one tensor, got ${show(result)}.`);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const own = this.registered === null ? { function: this.described() } : { registered: this.registered };
    return { ...super.getConfig(), ...own } as tf.serialization.ConfigDict;
  }

  /** For copies of the layer; as text it is its source, so that layers of other functions look different. */
  private described(): LambdaFunction {
    const { work } = this;
    return Object.assign((...inputs: tf.Tensor[]) => work(...inputs), { toJSON: () => String(work) });
  }
}
register(Lambda);

/**
 * A layer from a function of tensors. It has no weights, and variables that the function uses are not trained.
 *
 * A model with a plain `function` trains; to save it, too, register the function ({@link registerLambda}). The function is called once
 * when a training step is compiled, so it must not look at numbers (`dataSync`); `fit` then runs the step operation by operation.
 *
 * @throws OptionError unless one of `function` and `registered` is given, and `registered` is known.
 * @throws ShapeError if the function does not keep the axis of the batch.
 *
 * @example
 * layers.lambda({ function: (x) => tf.square(x) });
 */
export function lambda(config: LambdaConfig): Lambda {
  return new Lambda(config);
}
