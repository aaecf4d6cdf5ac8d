import { describe, expect, it } from "@jest/globals";
import { autoencoder } from "../../src/architectures/autoencoder.js";
import { cnn } from "../../src/architectures/cnn.js";
import { mlp } from "../../src/architectures/mlp.js";
import { resnet } from "../../src/architectures/resnet.js";
import { rnn } from "../../src/architectures/rnn.js";
import { transformer } from "../../src/architectures/transformer.js";
import { unet } from "../../src/architectures/unet.js";
import type { tf } from "../../src/engine/tf.js";
import { seeded } from "../../src/layers/initializers/seeded.js";
import { weightsOf } from "./judged-model.js";

const image = { inputShape: [8, 8, 1], outputs: 2 };
const architectures: Record<string, (seed: number) => tf.LayersModel> = {
  autoencoder: (seed) => autoencoder({ inputShape: [5], latent: 2, hidden: [4], seed }).model,
  "autoencoder of images": (seed) => autoencoder({ inputShape: [8, 8, 1], latent: 2, filters: [2], seed }).model,
  cnn: (seed) => cnn({ ...image, filters: [2], seed }),
  mlp: (seed) => mlp({ inputs: 3, outputs: 2, seed }),
  "mlp with skip": (seed) => mlp({ inputs: 3, outputs: 2, depth: 3, width: 4, skip: true, seed }),
  resnet: (seed) => resnet({ ...image, stages: [1, 1], width: 2, zeroGamma: false, seed }),
  rnn: (seed) => rnn({ inputShape: [4, 2], outputs: 1, units: [3], seed }),
  transformer: (seed) => transformer({ vocabulary: 5, length: 4, size: 8, layers: 1, heads: 2, seed }),
  unet: (seed) => unet({ ...image, filters: 2, depth: 1, seed }),
};

describe.each(Object.entries(architectures))("the seed of %s", (_, make) => {
  it("gives the same weights within seeded, bit for bit", () => {
    expect(weightsOf(seeded(7, () => make(3)))).toEqual(weightsOf(make(3)));
  });

  it("gives others than another seed", () => {
    expect(weightsOf(seeded(7, () => make(3)))).not.toEqual(weightsOf(seeded(7, () => make(4))));
  });
});
