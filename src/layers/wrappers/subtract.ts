import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, register } from "../own-layer.js";

// What the layers of several inputs have in common; TensorFlow.js does not export it.
const Merge = Object.getPrototypeOf(tf.layers.add().constructor) as typeof tf.layers.Layer;

class Subtract extends Merge {
  static readonly className = "Subtract";

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const nInputs = Array.isArray(inputShape[0]) ? inputShape.length : 1;
    if (nInputs !== 2) throw new ShapeError(`${this.name}: takes two inputs, got ${nInputs}. Write subtract([a, b]).`);
    super.build(inputShape);
  }

  protected mergeFunction(inputs: tf.Tensor[]): tf.Tensor {
    return tf.sub(inputs[0]!, inputs[1]!);
  }
}
register(Subtract);

/**
 * The first input minus the second, element by element; a size of 1 goes with any.
 * @throws ShapeError unless two inputs come, of one shape.
 */
export function subtract(config: LayerConfig = {}): tf.layers.Layer {
  return new Subtract(config);
}
