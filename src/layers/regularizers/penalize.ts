import { checkNumber, show } from "../../core/check.js";
import { OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { innerLayers } from "./inner-layers.js";
import { type LayerVariable, regularizerOf, setRegularizer } from "./layer-weight.js";
import { type L1L2Options, regularizers } from "./regularizers.js";

/** The options of layers whose weights are kernels, by the names of the weights. */
const kernelOptions: Readonly<Record<string, string>> = {
  kernel: "kernelRegularizer",
  recurrent_kernel: "recurrentRegularizer",
  depthwise_kernel: "depthwiseRegularizer",
  pointwise_kernel: "pointwiseRegularizer",
};

/**
 * Sets the penalty of every kernel in `model`, in the place of the one that it had: of dense, convolutional, recurrent and attention
 * layers, also in models and wrappers. Biases, normalisations and embeddings stay without one. A saved model keeps it.
 *
 * @param options - Both 0 takes the penalties of kernels away.
 * @returns How many weights it touched.
 *
 * @example
 * penalize(model, { l2: 1e-4 });
 */
export function penalize(model: tf.LayersModel, options: L1L2Options): number {
  checkModel("penalize", model);
  const l1 = checkNumber("penalize", "l1", options.l1 ?? 0, { atLeast: 0 });
  const l2 = checkNumber("penalize", "l2", options.l2 ?? 0, { atLeast: 0 });
  const regularizer = l1 === 0 && l2 === 0 ? null : regularizers.l1l2({ l1, l2 });
  const touched = new Set<unknown>();
  for (const layer of innerLayers(model)) {
    // A bidirectional layer saves the layer that it was made from, which has no weights.
    for (const option of Object.values(kernelOptions)) {
      if (Object.hasOwn(layer, option)) Object.assign(layer, { [option]: regularizer });
    }
    for (const weight of ownWeights(layer)) {
      if (!isKernel(weight)) continue;
      setRegularizer(weight, regularizer);
      touched.add(weight.read());
    }
  }
  return touched.size;
}

/** A weight that adds to the loss. */
export interface Penalty {
  readonly layer: string;
  readonly weight: string;
  /** `"l1"`, `"l2"`, `"l1l2"` or the class of the regularizer. */
  readonly kind: string;
  /** What the loss gets for the weight as it is now. */
  readonly value: number;
}

/** The penalties of the trainable weights of `model`, in the order of its layers. */
export function penalties(model: tf.LayersModel): Penalty[] {
  checkModel("penalties", model);
  const trainable = new Set<unknown>(model.trainableWeights.map((weight) => weight.read()));
  const rows: Penalty[] = [];
  for (const layer of innerLayers(model)) {
    for (const weight of ownWeights(layer)) {
      const regularizer = regularizerOf(weight);
      if (regularizer === null || !trainable.delete(weight.read())) continue;
      const value = tf.tidy(() => regularizer.apply(weight.read()).dataSync()[0]!);
      rows.push({ layer: layer.name, weight: nameOf(weight), kind: kindOf(regularizer), value });
    }
  }
  return rows;
}

/** Those that the layer itself made, not the layers inside it. */
function ownWeights(layer: tf.layers.Layer): LayerVariable[] {
  const { _trainableWeights = [], _nonTrainableWeights = [] } = layer as unknown as Record<string, LayerVariable[]>;
  return [..._trainableWeights, ..._nonTrainableWeights];
}

function isKernel(weight: LayerVariable): boolean {
  return weight.shape.length > 1 && /(^|_)kernel$/.test(nameOf(weight));
}

function nameOf({ originalName }: LayerVariable): string {
  return originalName.slice(originalName.lastIndexOf("/") + 1);
}

function kindOf(regularizer: tf.serialization.Serializable): string {
  const { l1, l2 } = regularizer.getConfig();
  if (regularizer.getClassName() !== "L1L2") return regularizer.getClassName();
  return l1 === 0 ? "l2" : l2 === 0 ? "l1" : "l1l2";
}

function checkModel(where: string, model: tf.LayersModel): void {
  if (model instanceof tf.LayersModel) return;
  throw new OptionError(`${where}: model must be a tf.LayersModel, got ${show(model)}. After fit, pass run.model.`);
}
