// Writes a trained model as ONNX, and what it says of some rows: `node export-onnx.mjs FOLDER`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportOnnx, fit, tf } from "../../dist/src/index.js";

const [folder] = process.argv.slice(2);
const L = tf.layers;
const seed = () => tf.initializers.glorotUniform({ seed: 1 });
const models = {
  convolutional: [
    [8, 8, 1],
    [
      L.conv2d({ filters: 4, kernelSize: 3, padding: "same", inputShape: [8, 8, 1], kernelInitializer: seed() }),
      L.batchNormalization(),
      L.reLU(),
      L.maxPooling2d({ poolSize: 2 }),
      L.flatten(),
      L.dense({ units: 3, kernelInitializer: seed() }),
    ],
  ],
  recurrent: [
    [6, 2],
    [
      L.lstm({ units: 5, inputShape: [6, 2], kernelInitializer: seed(), recurrentInitializer: seed() }),
      L.dense({ units: 3, kernelInitializer: seed() }),
    ],
  ],
};
for (const [name, [row, layers]] of Object.entries(models)) {
  const model = tf.sequential({ layers });
  const x = tf.randomUniform([40, ...row], -1, 1, "float32", 3);
  const y = Array.from({ length: 40 }, (_, i) => i % 3);
  await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 3 });
  await exportOnnx(model, join(folder, `${name}.onnx`));
  const rows = { shape: x.shape, x: Array.from(x.dataSync()), y: Array.from(model.predict(x).dataSync()) };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(rows));
}
