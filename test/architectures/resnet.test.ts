import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { type ResnetOptions, resnet } from "../../src/architectures/resnet.js";
import type { GraphNode, Value } from "../../src/engine/graph/graph.js";
import { trace } from "../../src/engine/graph/trace.js";
import { tf } from "../../src/engine/tf.js";
import { weightsByKey } from "../../src/models/model-weights.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { compileStep } from "../../src/training/compile-step.js";
import { evaluate } from "../../src/training/evaluate.js";
import { fit } from "../../src/training/fit.js";
import { digitImages } from "./digit-images.js";
import { expectSavesAndCompiles, outputsOf, parametersOf, rowsFor, savedAndLoaded, weightsOf } from "./judged-model.js";

interface TorchNet {
  readonly size: number;
  readonly options: Pick<ResnetOptions, "stages" | "width" | "stem" | "bottleneck" | "preactivation" | "shortcut"> & {
    readonly ratio?: number;
  };
  readonly outputs: number[][];
  readonly loss: number;
  /** Norm and first element of the gradient of each weight. */
  readonly gradients: Record<string, [number, number]>;
}

// The script beside it made it, and says with which version of PyTorch.
const reference: { parameters: Record<string, number>; nets: Record<string, TorchNet> } = JSON.parse(
  readFileSync(new URL("../reference/architectures/fixtures/torch-resnets.json", import.meta.url), "utf8"),
);

const cifar = { inputShape: [32, 32, 3], outputs: 10 };
const imagenet = { inputShape: [224, 224, 3], outputs: 1000, stem: "imagenet" } as const;
const published: [name: string, options: ResnetOptions][] = [
  ["ResNet-20", cifar],
  ["ResNet-56", { ...cifar, depth: 56 }],
  ["ResNet-110", { ...cifar, depth: 110 }],
  ["ResNet-164 with preactivation", { ...cifar, depth: 164, bottleneck: true, preactivation: true }],
  ["ResNet-18", { ...imagenet, stages: [2, 2, 2, 2] }],
  ["ResNet-34", { ...imagenet, stages: [3, 4, 6, 3] }],
  ["ResNet-50", { ...imagenet, stages: [3, 4, 6, 3], bottleneck: true }],
  ["ResNet-101", { ...imagenet, stages: [3, 4, 23, 3], bottleneck: true }],
  ["SE-ResNet-50", { ...imagenet, stages: [3, 4, 6, 3], bottleneck: true, squeezeExcite: true }],
];

/** From -1 to 1, the same in Python. */
function numbers(name: string, count: number): number[] {
  const start = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return Array.from({ length: count }, (_, i) => Math.sin(start + 0.7 * i));
}

function firstValue(key: string, shape: number[], x: number): number {
  if (key.endsWith("gamma") || key.endsWith("moving_variance")) return 1 + x / 2;
  return key.endsWith("kernel") ? x * Math.sqrt(2 / tf.util.sizeFromShape(shape.slice(0, -1))) : x / 4;
}

function likeTorch({ size, options }: TorchNet): tf.LayersModel {
  const { ratio = 0, ...rest } = options;
  const model = resnet({
    inputShape: [size, size, 2],
    outputs: 3,
    shortcut: "conv",
    ...rest,
    squeezeExcite: ratio > 0 && ratio,
  });
  for (const [key, weight] of weightsByKey(model)) {
    const shape = weight.shape as number[];
    const values = numbers(key, tf.util.sizeFromShape(shape)).map((x) => firstValue(key, shape, x));
    weight.write(tf.tensor(values, shape));
  }
  return model;
}

describe("resnet", () => {
  it.each(published)("%s has the published number of parameters", (name, options) => {
    const model = resnet(options);
    expect(parametersOf(model)).toBe(reference.parameters[name]);
    model.dispose();
  });

  it("ResNet-20 has 269,722 parameters, counted layer by layer", () => {
    const stage = (from: number, to: number) => 9 * from * to + 5 * 9 * to * to + 6 * 2 * to;
    const stem = 9 * 3 * 16 + 2 * 16;
    const total = stem + stage(16, 16) + stage(16, 32) + stage(32, 64) + 64 * 10 + 10;
    expect(total).toBe(269722);
    expect(parametersOf(resnet(cifar))).toBe(total);
  });

  it.each(Object.entries(reference.nets))("%s: outputs, loss and gradients are PyTorch's", (_, net) => {
    const model = likeTorch(net);
    const { size } = net;
    const x = tf.tensor4d(numbers("image", 2 * size * size * 2), [2, size, size, 2]);
    for (const [i, output] of outputsOf(model, x).entries()) {
      expect(Math.abs(output - net.outputs.flat()[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(output)));
    }
    const byKey = [...weightsByKey(model)].filter(([, { trainable }]) => trainable);
    expect(byKey.map(([key]) => key).sort()).toEqual(Object.keys(net.gradients).sort());
    const { value, grads } = tf.variableGrads(() =>
      tf.mean(tf.square(model.apply(x, { training: true }) as tf.Tensor)),
    );
    expect(Math.abs(value.dataSync()[0]! / net.loss - 1)).toBeLessThan(1e-5);
    for (const [key, weight] of byKey) {
      const gradient = grads[(weight.read() as tf.Variable).name]!.dataSync();
      const [norm, first] = net.gradients[key]!;
      expect(Math.abs(Math.hypot(...gradient) - norm)).toBeLessThan(1e-5 * Math.max(1, norm));
      expect(Math.abs(gradient[0]! - first)).toBeLessThan(1e-5 * Math.max(1, norm));
    }
  });

  it("the same seed gives the same weights, bit for bit, and another seed others", () => {
    const weights = (seed: number) => weightsOf(resnet({ inputShape: [8, 8, 1], outputs: 2, depth: 8, seed }));
    expect(weights(7)).toEqual(weights(7));
    expect(weights(8)).not.toEqual(weights(7));
  });

  it("each block starts as its shortcut alone, or with zeroGamma: false does not", () => {
    const x = tf.randomUniform([2, 8, 8, 1], 0, 1, "float32", 1);
    const afterBlock = (options: Partial<ResnetOptions>) => {
      const model = resnet({ inputShape: [8, 8, 1], outputs: 2, stages: [1], width: 4, ...options });
      const [first, last] = [model.getLayer("stem_relu"), model.getLayer("stage1_block1_relu")];
      const parts = tf.model({ inputs: model.inputs, outputs: [first.output, last.output] as tf.SymbolicTensor[] });
      return (parts.predict(x) as tf.Tensor[]).map((tensor) => Array.from(tensor.dataSync()));
    };
    const [before, after] = afterBlock({});
    expect(after).toEqual(before);
    const [plainBefore, plainAfter] = afterBlock({ zeroGamma: false });
    expect(plainAfter).not.toEqual(plainBefore);
  });

  it.each<Partial<ResnetOptions>>([
    {},
    { preactivation: true },
    { shortcut: "conv" },
    { depth: 11, bottleneck: true, shortcut: "pad" },
  ])("%j: every channel that comes out of a stage has a gradient from the start", (options) => {
    const model = resnet({ inputShape: [8, 8, 3], outputs: 10, depth: 8, width: 4, ...options });
    const x = tf.randomUniform([32, 8, 8, 3], 0, 1, "float32", 1);
    const labels = Array.from({ length: 32 }, (_, i) => i % 10);
    const y = tf.oneHot(tf.tensor1d(labels, "int32"), 10);
    const { grads } = tf.variableGrads(() =>
      tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor),
    );
    const last = options.bottleneck ? 3 : 2;
    for (const stage of [1, 2, 3]) {
      const layer = model.getLayer(`stage${stage}_block1_${options.preactivation ? "conv" : "norm"}${last}`);
      const gradient = grads[(layer.weights[0]!.read() as tf.Variable).name]!;
      const perChannel = tf.sum(tf.abs(tf.reshape(gradient, [-1, gradient.shape.at(-1)!])), 0).dataSync();
      expect(Array.from(perChannel).filter((sum) => sum === 0)).toEqual([]);
    }
  });

  it.each<[string, Partial<ResnetOptions>]>([
    ["padded", {}],
    ["projected, squeeze and excite", { shortcut: "conv", squeezeExcite: 4 }],
    ["preactivation", { preactivation: true, zeroGamma: false }],
    ["bottleneck", { depth: 11, bottleneck: true }],
    ["large stem", { stem: "imagenet", stages: [1, 1], width: 4, inputShape: [16, 16, 1] }],
  ])("%s: saves, loads and compiles", async (_, options) => {
    const size = options.stages ? {} : { depth: 8 };
    await expectSavesAndCompiles(() => resnet({ inputShape: [7, 6, 1], outputs: 3, width: 4, ...size, ...options }));
  });

  it("dropPath grows from block to block, and trains in the compiled step", async () => {
    const options = { inputShape: [8, 8, 1], outputs: 2, stages: [2, 1, 1], width: 4, zeroGamma: false, dropPath: 0.4 };
    const model = resnet(options);
    const rates = model.layers.filter((layer) => layer.getClassName() === "DropPath").map((layer) => layer.getConfig());
    expect(rates.map(({ name }) => name)).toEqual([
      "stage1_block1_drop_path",
      "stage1_block2_drop_path",
      "stage2_block1_drop_path",
      "stage3_block1_drop_path",
    ]);
    [0.1, 0.2, 0.3, 0.4].forEach((rate, i) => {
      expect(rates[i]!.rate).toBeCloseTo(rate, 12);
    });
    const x = rowsFor(model);
    expect(outputsOf(await savedAndLoaded(model), x)).toEqual(outputsOf(model, x));
    expect(weightsOf(model)).toEqual(weightsOf(resnet({ ...options, dropPath: 0 })));
    const loss = (rows: tf.Tensor) =>
      tf.mean(tf.square(model.apply(rows, { training: true }) as tf.Tensor)) as tf.Scalar;
    const step = compileStep(loss, { variables: model, optimizer: sgd({ learningRate: 1e-12 }) });
    const losses = Array.from({ length: 10 }, () => step(x));
    expect(step.notCompiled).toBeNull();
    expect(new Set(losses).size).toBeGreaterThan(1); // the weights stay, what is left out does not
    step.dispose();
  });

  it("its graph has a node for each convolution and activation, and turns the images once", () => {
    const model = resnet({ ...cifar, shortcut: "conv" });
    const step = ([x]: tf.Tensor[]) => ({ y: model.apply(x!) as tf.Tensor });
    const { outputs } = trace(step, [{ shape: [1, 32, 32, 3], dtype: "float32" }]);
    const { Conv, Relu, Transpose, Pad } = operators(outputs.y!);
    // Each filter is transposed, which the runtime does once; the two pads are those of the strided convolutions.
    expect({ Conv, Relu, Transpose, Pad }).toEqual({ Conv: 21, Relu: 19, Transpose: 21 + 1, Pad: 2 });
  });

  it("depth, width and stages say the same net in several ways", () => {
    const small = { inputShape: [8, 8, 1], outputs: 2 };
    const parameters = (options: Partial<ResnetOptions>) => parametersOf(resnet({ ...small, ...options }));
    expect(parameters({ depth: 14, width: 4 })).toBe(parameters({ stages: [2, 2, 2], widths: [4, 8, 16] }));
  });

  it.each<[Partial<ResnetOptions>, string]>([
    [
      { inputShape: [32, 32] },
      "resnet: inputShape must be [height, width, channels], got [32, 32]. Name the channels too: [32, 32, 1].",
    ],
    [{ inputShape: [32, -32, 3] }, "resnet: inputShape[1] must be an integer from 1, got -32."],
    [{ inputShape: 32 as never }, "resnet: inputShape must be [height, width, channels], got 32."],
    [{ outputs: 0 }, "resnet: outputs must be an integer from 1, got 0. Pass the number of classes."],
    [{ depth: 21 }, "resnet: depth must be 6n + 2, like 8, 14, 20, got 21. For other nets pass stages."],
    [{ depth: 21, bottleneck: true }, "resnet: depth must be 9n + 2, like 11, 20, 29, got 21."],
    [{ stages: [] }, "resnet: stages must be an array of sizes, like [32, 64], got an array of 0."],
    [{ stages: [2, 0] }, "resnet: stages[1] must be an integer from 1, got 0."],
    [{ stages: [2], depth: 20 }, "resnet: stages says what depth says. Pass one of them."],
    [{ stages: [2, 2], widths: [8] }, "resnet: widths must have one entry for each of 2 stages, got 1."],
    [{ width: 0 }, "resnet: width must be an integer from 1, got 0."],
    [{ stem: "big" as never }, 'resnet: stem must be one of "small", "imagenet", got "big".'],
    [{ squeezeExcite: 0 }, "residual: squeezeExcite must be a number from 1, got 0."],
    [{ dropPath: 1 }, "resnet: dropPath must be a number from 0 and below 1, got 1."],
    [{ seed: 0.5 }, "resnet: seed must be an integer, got 0.5."],
    [
      { inputShape: [2, 32, 3] },
      "resnet: 3 stages halve the image 2 times and need 3 rows and columns, got 2 x 32. Use fewer stages or larger images.",
    ],
    [
      { inputShape: [16, 16, 3], stem: "imagenet", stages: [2, 2, 2, 2] },
      'resnet: 4 stages after stem "imagenet" halve the image 5 times and need 17 rows and columns, got 16 x 16. Use fewer stages or larger images.',
    ],
  ])("%j is refused in one sentence", (options, message) => {
    expect(() => resnet({ inputShape: [32, 32, 3], outputs: 10, ...options })).toThrow(message);
  });

  it("learns to read the digits", async () => {
    const { train, test } = digitImages();
    const model = resnet({ inputShape: [8, 8, 1], outputs: 10, depth: 8, width: 8 });
    const learningRate = schedules.oneCycle({ maxLearningRate: 0.02, totalSteps: 12 * 45 });
    await fit(model, { train, loss: "crossEntropy", epochs: 12, learningRate });
    const { accuracy } = await evaluate(model, test);
    expect(accuracy).toBeGreaterThanOrEqual(0.98);
  });
});

/** How often each operator comes among the nodes that `value` needs. */
function operators(value: Value): Record<string, number> {
  const seen = new Set<GraphNode>();
  const open = [value.node];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const input of node.inputs) if (input !== null) open.push(input.node);
  }
  const counts: Record<string, number> = {};
  for (const { op } of seen) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}
