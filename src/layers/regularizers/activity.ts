// What a layer gives may cost, as in Keras: the value of its activity regularizer, divided by the rows of the batch.
// TensorFlow.js refuses to run a layer that has one.
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { innerLayers } from "./inner-layers.js";
import type { Regularizer } from "./layer-weight.js";

interface Wrapper {
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.layers.Layer;
}

// What TensorFlow.js has in layers without one, and does not declare.
const none = null as unknown as Regularizer;

/** Of the forward pass that runs, if somebody wants to know. */
let costs: tf.Scalar[] | null = null;

const { prototype } = tf.layers.Layer;
const { apply } = prototype;

prototype.apply = function (this: tf.layers.Layer, inputs, kwargs) {
  const { activityRegularizer } = this;
  if (!activityRegularizer) {
    checkInside(this);
    return apply.call(this, inputs, kwargs);
  }
  this.activityRegularizer = none;
  try {
    const outputs = apply.call(this, inputs, kwargs);
    for (const output of [outputs].flat()) {
      // The tidy of a model that calls its layers would free it.
      if (costs && output instanceof tf.Tensor) costs.push(tf.keep(costOf(activityRegularizer, output)));
    }
    return outputs;
  } finally {
    this.activityRegularizer = activityRegularizer;
  }
};

/** Runs a forward pass. `cost` is the sum over its layers; null if none has an activity regularizer. */
export function withActivityCost<Outputs>(forward: () => Outputs): { outputs: Outputs; cost: tf.Scalar | null } {
  const outer = costs;
  const own: tf.Scalar[] = [];
  costs = own;
  try {
    const outputs = forward();
    const cost = own.length === 0 ? null : own.reduce<tf.Scalar>((sum, one) => tf.add(sum, one), tf.scalar(0));
    return { outputs, cost };
  } finally {
    costs = outer;
    tf.dispose(own);
  }
}

/** Whether the forward pass of `model` costs. */
export function hasActivityCost(model: tf.LayersModel): boolean {
  return [...innerLayers(model)].some((layer) => Boolean(layer.activityRegularizer));
}

function costOf(regularizer: Regularizer, output: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.div(regularizer.apply(output), output.shape[0]!));
}

/** A wrapper calls the layer inside in a way of its own. */
function checkInside(wrapper: tf.layers.Layer): void {
  const { layer, forwardLayer } = wrapper as unknown as Wrapper;
  if (!layer?.activityRegularizer && !forwardLayer?.activityRegularizer) return;
  throw new OptionError(
    `${wrapper.name}: the layer inside must have no activityRegularizer. Put layers.activityRegularization behind the wrapper.`,
  );
}
