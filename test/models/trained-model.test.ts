import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { mlp } from "../../src/architectures/mlp.js";
import { RandomStream } from "../../src/core/random.js";
import { loadModel } from "../../src/models/load-model.js";
import { saveModel } from "../../src/models/save-model.js";
import { fit } from "../../src/training/fit.js";
import { predict, predictClasses } from "../../src/training/predict.js";
import { temporaryFolder } from "./temporary-folder.js";

it("a loaded model predicts as the trained one, and knows that its outputs are classes", async () => {
  const random = RandomStream.of(3, "data");
  const y = Array.from({ length: 60 }, (_, i) => i % 3);
  const x = y.map((label) => [random.normal() + 3 * label, random.normal()]);
  const run = await fit(mlp({ inputs: 2, outputs: 3 }), { train: { x, y }, epochs: 3, loss: "crossEntropy" });
  const path = join(temporaryFolder(), "trained.safetensors");
  await saveModel(run.model, path, { metadata: { classes: ["a", "b", "c"] } });
  const model = await loadModel(path);
  expect(await predict(model, x)).toEqual(await predict(run.model, x));
  expect(await predictClasses(model, x)).toEqual(await predictClasses(run.model, x));
  expect(model.getUserDefinedMetadata()).toMatchObject({ classes: ["a", "b", "c"] });
});
