import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import type { CallArguments } from "../own-layer.js";
import { shapesOf } from "./attend.js";

/** A layer that says where it looks. */
export interface AttentionLayer extends tf.layers.Layer {
  scores(inputs: readonly tf.Tensor[], kwargs?: CallArguments): tf.Tensor;
}

/**
 * How much each query takes from each key in a layer of `model`, when the model sees `x`: `(n, heads, queries, keys)` from layers
 * with heads, `(n, queries, keys)` from `attention` and `additiveAttention`. Each row sums to 1, but for a query that may see
 * nothing. Nothing is left out, as in use.
 *
 * @param layer - An attention layer of the model, or its name.
 *
 * @example
 * const scores = attentionScores(model, "block1_attention", tokens);
 */
export function attentionScores(
  model: tf.LayersModel,
  layer: tf.layers.Layer | string,
  x: tf.Tensor | tf.Tensor[],
): tf.Tensor {
  const name = typeof layer === "string" ? layer : layer.name;
  const found = model.layers.find((one) => (typeof layer === "string" ? one.name === layer : one === layer));
  if (found === undefined || !("scores" in found)) {
    const names = model.layers.filter((one) => "scores" in one).map((one) => JSON.stringify(one.name));
    const has = names.length > 0 ? `Its attention layers are ${names.join(", ")}.` : "It has none.";
    throw new OptionError(`attentionScores: ${JSON.stringify(name)} must be an attention layer of the model. ${has}`);
  }
  const probe = new Probe(found as AttentionLayer);
  const inputs = [found.getInputAt(0)].flat();
  const outputs = probe.apply(inputs) as tf.SymbolicTensor;
  try {
    return tf.model({ inputs: model.inputs, outputs, name: probe.name }).apply(x, { training: false }) as tf.Tensor;
  } finally {
    // The layers before it forget that they were asked.
    for (const { sourceLayer } of inputs) sourceLayer.outboundNodes.pop();
  }
}

/** Has the inputs of an attention layer, and its masks, and gives what it would weigh them with. */
class Probe extends tf.layers.Layer {
  static readonly className = "AttentionProbe";

  constructor(private readonly layer: AttentionLayer) {
    super({ name: "attention_scores" });
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    return this.layer.scores([inputs].flat(), kwargs);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return shapesOf(inputShape)[0]!;
  }
}
