// What the compiler knows about shapes: `tsc -p test/tsconfig.json` is the judge, because an error that is expected and does
// not come is one. Running it compares the same shapes with those that there are.
import { describe, expect, it } from "@jest/globals";
import { ShapeError } from "../../src/core/errors.js";
import type { tf } from "../../src/engine/tf.js";
import { build } from "../../src/layers/build.js";
import { add, concat } from "../../src/layers/combine.js";
import { layers } from "../../src/layers/layers.js";
import type { Shape } from "../../src/layers/shapes.js";
import type { RowOf } from "../../src/layers/value.js";

const { conv1d, conv2d, maxPooling2d, averagePooling2d, flatten, dense, lstm, embedding, reshape } = layers;

type Same<A, B> = [A, B] extends [B, A] ? true : false;
type Found<Y, Row> = Same<RowOf<Y>, Row> extends true ? unknown : { readonly theCompilerFound: RowOf<Y> };

/** Compiles if `row` is what the compiler has found. */
function known<Y extends tf.SymbolicTensor, const Row extends Shape>(y: Y, row: Row & Found<Y, Row>): Y {
  expect(y.shape.slice(1)).toEqual(row);
  return y;
}

describe("the compiler knows the shape", () => {
  it("of a convolution", () => {
    build([28, 28, 3], (x) => {
      known(x, [28, 28, 3]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 3 })), [26, 26, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 1 })), [28, 28, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 28 })), [1, 1, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 3, padding: "same" })), [28, 28, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 3, padding: "same", strides: 2 })), [14, 14, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 3, padding: "same", strides: 3 })), [10, 10, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 3, strides: 2 })), [13, 13, 8]);
      known(x.pipe(conv2d({ filters: 8, kernelSize: 1, strides: 2 })), [14, 14, 8]);
      return known(x.pipe(conv2d({ filters: 8, kernelSize: [5, 3], strides: [1, 2] })), [24, 13, 8]);
    });
    build([224, 224, 3], (x) =>
      known(x.pipe(conv2d({ filters: 64, kernelSize: 7, strides: 2, padding: "same" })), [112, 112, 64]),
    );
    build([40, 3], (x) => known(x.pipe(conv1d({ filters: 4, kernelSize: 5, padding: "causal" })), [40, 4]));
  });

  it("of a pool", () => {
    build([28, 27, 3], (x) => {
      known(x.pipe(maxPooling2d({ poolSize: 2 })), [14, 13, 3]);
      known(x.pipe(averagePooling2d({ poolSize: 2, padding: "same" })), [14, 14, 3]);
      known(x.pipe(maxPooling2d({ poolSize: 3, strides: 2 })), [13, 13, 3]);
      return known(x.pipe(layers.globalAveragePooling2d()), [3]);
    });
  });

  it("of other layers", () => {
    build([28, 28, 1], (x) => known(x.pipe(flatten(), dense({ units: 32 }), dense({ units: 10 })), [10]));
    build([7, 7, 64], (x) => known(x.pipe(flatten()), [3136]));
    build([784], (x) => known(x.pipe(reshape({ targetShape: [28, 28, 1] })), [28, 28, 1]));
    build([12], (x) => known(x.pipe(embedding({ inputDim: 50, outputDim: 8 })), [12, 8]));
    build([12, 8], (x) => {
      known(x.pipe(dense({ units: 3 })), [12, 3]);
      known(x.pipe(lstm({ units: 4, returnSequences: true })), [12, 4]);
      return known(x.pipe(lstm({ units: 4 })), [4]);
    });
  });

  it("through a chain, also behind an arrow function and for sizes that are open", () => {
    build([32, 32, 3], (x) =>
      known(
        x.pipe(
          conv2d({ filters: 8, kernelSize: 3, activation: "relu" }),
          layers.batchNormalization(),
          (y) => known(y, [30, 30, 8]),
          maxPooling2d({ poolSize: 2 }),
          (y) => add([y, y.pipe(conv2d({ filters: 8, kernelSize: 3, padding: "same" }))]),
          layers.dropout({ rate: 0.5 }),
          layers.activation({ activation: "relu" }),
        ),
        [15, 15, 8],
      ),
    );
    build([null, 8], (x) => known(x.pipe(lstm({ units: 4, returnSequences: true })), [null, 4]));
  });

  it("of up to twelve steps", () => {
    const d = () => dense({ units: 5 });
    build([4], (x) => known(x.pipe(d(), d(), d(), d(), d(), d(), d(), d(), d(), d(), d(), dense({ units: 2 })), [2]));
  });

  it("of several inputs", () => {
    build({ image: [8, 8, 1], age: [1] }, ({ image, age }) => {
      known(age, [1]);
      return concat([known(image.pipe(flatten()), [64]), age]).pipe(dense({ units: 2 }));
    });
  });
});

describe("the compiler refuses, and so does the build,", () => {
  it("rows of another rank", () => {
    expect(() =>
      build([28, 28], (x) =>
        // @ts-expect-error: Misfit<"conv2d takes rows of rank 3 (height, width, channels)">
        x.pipe(conv2d({ filters: 8, kernelSize: 3 })),
      ),
    ).toThrow(ShapeError);
    expect(() =>
      build([28, 28, 1], (x) =>
        x.pipe(
          flatten(),
          // @ts-expect-error: Misfit<"maxPooling2d takes rows of rank 3 (height, width, channels)">
          maxPooling2d({ poolSize: 2 }),
          dense({ units: 10 }),
        ),
      ),
    ).toThrow(ShapeError);
    // @ts-expect-error: Misfit<"lstm takes rows of rank 2 (steps, features)">
    expect(() => build([12], (x) => x.pipe(lstm({ units: 3 })))).toThrow(ShapeError);
    // @ts-expect-error: Misfit<"flatten takes rows of rank 2 or more; leave it out, these are flat">
    expect(() => build([12], (x) => x.pipe(flatten()))).toThrow(ShapeError);
  });

  it("a kernel larger than the image", () => {
    expect(() =>
      build([8, 4, 1], (x) =>
        // @ts-expect-error: Misfit<'conv2d has a window larger than what it slides over; use padding: "same" or a smaller one'>
        x.pipe(conv2d({ filters: 8, kernelSize: 5 })),
      ),
    ).toThrow(ShapeError);
  });

  it("an option that is misspelt", () => {
    // @ts-expect-error: no option is called pading
    expect(() => conv2d({ filters: 8, kernelSize: 3, pading: "same" })).toThrow(
      'layers.conv2d: there is no option "pading", only filters, ',
    );
  });
});

describe("the compiler passes what it cannot know", () => {
  it("sizes that are computed", () => {
    const side = Number("28");
    build([side, side, 1], (x) => {
      const y = x.pipe(conv2d({ filters: 8, kernelSize: 3 }), maxPooling2d({ poolSize: 2 }));
      const row: RowOf<typeof y> = [1 as number, 2 as number, 8];
      expect(row).toHaveLength(3);
      return y;
    });
  });

  it("plain symbolic tensors, layers of others and functions of plain ones", () => {
    const block = (x: tf.SymbolicTensor): tf.SymbolicTensor => x.pipe(dense({ units: 4 }));
    const row: RowOf<ReturnType<typeof block>> = [];
    expect(row).toEqual([]);
    const model = build([28, 28, 1], (x) =>
      x.pipe(layers.zeroPadding2d(), conv2d({ filters: 2, kernelSize: 3 }), flatten(), block, dense({ units: 2 })),
    );
    expect(model.outputs[0]!.shape).toEqual([null, 2]);
  });

  it("more than twelve steps", () => {
    const step = dense({ units: 4 });
    const model = build([4], (x) =>
      x.pipe(step, step, step, step, step, step, step, step, step, step, step, step, step, step),
    );
    expect(model.countParams()).toBe(20);
  });
});
