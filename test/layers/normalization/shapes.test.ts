import { expect, it } from "@jest/globals";
import { build } from "../../../src/layers/build.js";
import { layers } from "../../../src/layers/layers.js";
import type { Value } from "../../../src/layers/value.js";

it("the compiler knows the rows behind a normalisation, and behind a layer that one is around", () => {
  const convolution = layers.conv2d({ filters: 16, kernelSize: 3 });
  const model = build([8, 8, 4], (x) => {
    const same: Value<readonly [8, 8, 4]> = x.pipe(
      layers.groupNormalization({ groups: 2 }),
      layers.instanceNormalization(),
      layers.rmsNormalization(),
      layers.unitNormalization(),
    );
    const y: Value<readonly [6, 6, 16]> = same.pipe(layers.spectralNormalization({ layer: convolution }));
    // @ts-expect-error: they are 16
    const wrong: Value<readonly [6, 6, 17]> = y;
    return wrong;
  });
  expect(model.outputs[0]!.shape).toEqual([null, 6, 6, 16]);
  model.dispose();
});
