import { RandomStream } from "../core/random.js";
import { drawFrom } from "../engine/random-tensors.js";
import { tf } from "../engine/tf.js";
import { innerLayers } from "../layers/regularizers/inner-layers.js";
import { allRows, batches } from "./batches.js";
import { Breather } from "./breather.js";
import { batchOf, blocksOf, blockTensor, type Samples } from "./samples.js";

interface WithStatistics {
  momentum: number;
}

/**
 * Sets the moving moments of every batch normalisation of `model` to the mean of those of all batches of `samples`, each
 * weighed by its rows: what weights that were averaged need, because no batch has passed through them yet (Izmailov et al.,
 * UAI 2018, section 3.2).
 */
export async function reestimateBatchStatistics(
  model: tf.LayersModel,
  samples: Samples,
  batchSize: number,
): Promise<void> {
  const layers = normalisations(model);
  if (layers.length === 0) return;
  const momenta = layers.map(({ momentum }) => momentum);
  const random = RandomStream.of(0, "batch statistics");
  const tensors = blocksOf(samples).map(blockTensor);
  const breather = new Breather();
  let nSeen = 0;
  try {
    for (const rows of batches(allRows(samples.nSamples), batchSize)) {
      for (const layer of layers) layer.momentum = nSeen / (nSeen + rows.length);
      tf.tidy(() => {
        const { inputs } = batchOf(
          samples,
          tensors.map((tensor) => tf.slice(tensor, rows[0]!, rows.length)),
        );
        drawFrom(random, () => model.apply(inputs, { training: true }));
      });
      nSeen += rows.length;
      if (breather.isDue()) await breather.breathe();
    }
  } finally {
    for (const [i, layer] of layers.entries()) layer.momentum = momenta[i]!;
    tf.dispose(tensors);
  }
}

/** Those that training moves, also in models and wrappers inside. */
function normalisations(model: tf.LayersModel): WithStatistics[] {
  const layers = [...innerLayers(model as tf.layers.Layer)];
  const found = layers.filter((layer) => layer.getClassName() === "BatchNormalization" && layer.trainable);
  return found as unknown as WithStatistics[];
}
