// Small nets that between them use every layer and most differentiable operations, each with weights and data of its
// own from a seeded stream, so two backends (or two ways to run a step) start from the same numbers.
import { RandomStream } from "../../../src/core/random.js";
import type { tf as engine } from "../../../src/engine/tf.js";

type Engine = typeof engine;
type Tensor = engine.Tensor;
interface Layer {
  apply(x: unknown): unknown;
}

/** A net that stands on the backend which was current when it was made. */
export interface Net {
  /** What an optimizer trains. */
  readonly variables: engine.Variable[];
  /** What a training pass changes by itself: the moving statistics of batch normalisation. */
  readonly statistics: engine.Variable[];
  /** One training pass over the net's own data. */
  loss(): engine.Scalar;
  /** Frees its weights and data. */
  dispose(): void;
}

/** A net by name; `make` gives it anew each time, with equal weights and data. */
export interface NetMaker {
  readonly name: string;
  make(tf: Engine): Net;
}

/** Numbers from -0.5 to 0.5, times `scale`. */
type Draw = (shape: number[], scale?: number) => Tensor;

function drawer(tf: Engine, name: string): Draw {
  const random = RandomStream.of(7, name);
  return (shape, scale = 1) =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => (random.uniform() - 0.5) * scale),
      shape,
    );
}

/** A net of operations: `f` of weights `w` with these shapes, and of data `x`. */
function ofOperations(
  name: string,
  data: (draw: Draw, tf: Engine) => Tensor,
  weights: (number[] | [shape: number[], scale: number])[],
  // biome-ignore lint/suspicious/noExplicitAny: every operation wants a tensor of its own rank
  f: (tf: Engine, w: any[], x: any) => Tensor,
): NetMaker {
  return {
    name,
    make(tf) {
      const draw = drawer(tf, name);
      const x = data(draw, tf);
      const variables = weights.map((weight) => {
        const [shape, scale] = Array.isArray(weight[0]) ? (weight as [number[], number]) : [weight as number[], 1];
        return tf.tidy(() => tf.variable(draw(shape, scale)));
      });
      return {
        variables,
        statistics: [],
        loss: () => f(tf, variables, x).asScalar(),
        dispose: () => tf.dispose([x, ...variables]),
      };
    },
  };
}

/** A net of layers on one input, with the mean square of what comes out as its loss. */
function ofLayers(
  name: string,
  inputShape: number[],
  layers: (l: Engine["layers"], tf: Engine) => unknown[],
  options: { batch?: number; data?: (draw: Draw, tf: Engine) => Tensor } = {},
): NetMaker {
  return ofModel(
    name,
    (draw, tf) => [options.data?.(draw, tf) ?? draw([options.batch ?? 4, ...inputShape], 2)],
    (tf, [input]) => (layers(tf.layers, tf) as Layer[]).reduce<unknown>((x, layer) => layer.apply(x), input),
  );
}

/** A net of layers on several inputs. */
function ofModel(
  name: string,
  data: (draw: Draw, tf: Engine) => Tensor[],
  connect: (tf: Engine, inputs: engine.SymbolicTensor[]) => unknown,
): NetMaker {
  return {
    name,
    make(tf) {
      const draw = drawer(tf, name);
      const xs = data(draw, tf);
      const inputs = xs.map((x) => tf.input({ shape: x.shape.slice(1), dtype: x.dtype }));
      const model = tf.model({ inputs, outputs: connect(tf, inputs) as engine.SymbolicTensor });
      // Drawn about where initializers put them: ones for what scales, small numbers for the rest.
      tf.tidy(() => {
        model.setWeights(
          model.weights.map(({ shape, originalName }) => {
            const isScale = /gamma|moving_variance/.test(originalName);
            const drawn = draw(shape as number[], 0.8);
            return isScale ? drawn.add(1) : drawn;
          }),
        );
      });
      const variable = (weight: engine.LayerVariable) => weight.read() as engine.Variable;
      return {
        variables: model.trainableWeights.map(variable),
        statistics: model.nonTrainableWeights.map(variable),
        loss: () => (model.apply(xs, { training: true }) as Tensor).square().mean().asScalar(),
        dispose: () => {
          // A recurrent cell keeps the masks of its last dropout, also when its model goes.
          for (const { cell } of model.layers as { cell?: { dropoutMask?: Tensor; recurrentDropoutMask?: Tensor } }[]) {
            tf.dispose([cell?.dropoutMask, cell?.recurrentDropoutMask].filter((mask) => mask !== undefined));
          }
          model.dispose();
          tf.dispose(xs);
        },
      };
    },
  };
}

const words = (tf: Engine, shape: number[], below: number, dtype: "int32" | "float32" = "int32") => {
  const random = RandomStream.of(5, "words");
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Int32Array.from({ length: size }, () => random.integer(below)),
    shape,
    dtype,
  );
};

const operationNets: NetMaker[] = [
  ofOperations(
    "conv2d same stride 2",
    (r) => r([4, 11, 11, 3]),
    [
      [3, 3, 3, 8],
      [8, 4],
    ],
    (tf, w, x) => tf.conv2d(x, w[0], 2, "same").relu().mean([1, 2]).matMul(w[1]).square().mean(),
  ),
  ofOperations(
    "conv2d valid, max pool",
    (r) => r([4, 12, 12, 3]),
    [
      [3, 3, 3, 8],
      [[200, 4], 0.3],
    ],
    (tf, w, x) =>
      tf
        .maxPool(tf.conv2d(x, w[0], 1, "valid").relu() as engine.Tensor4D, 2, 2, "valid")
        .reshape([4, -1])
        .matMul(w[1])
        .square()
        .mean(),
  ),
  ofOperations(
    "average pool same",
    (r) => r([4, 12, 12, 3]),
    [
      [5, 5, 3, 8],
      [[288, 4], 0.3],
    ],
    (tf, w, x) =>
      tf
        .avgPool(tf.conv2d(x, w[0], 1, "same") as engine.Tensor4D, 3, 2, "same")
        .reshape([4, -1])
        .matMul(w[1])
        .square()
        .mean(),
  ),
  ofOperations(
    "batch norm of moments",
    (r) => r([8, 6, 6, 3]),
    [[3, 3, 3, 4], [4], [4]],
    (tf, w, x) => {
      const h = tf.conv2d(x, w[0], 1, "same");
      const { mean, variance } = tf.moments(h, [0, 1, 2]);
      return tf
        .batchNorm(h, mean as engine.Tensor1D, variance as engine.Tensor1D, w[1], w[2], 1e-3)
        .tanh()
        .square()
        .mean();
    },
  ),
  ofOperations(
    "depthwise",
    (r) => r([2, 8, 8, 3]),
    [[3, 3, 3, 2]],
    (tf, w, x) => tf.depthwiseConv2d(x, w[0], 1, "same").square().mean(),
  ),
  ofOperations(
    "gather",
    (_, tf) => words(tf, [2, 4], 6),
    [
      [6, 5],
      [5, 3],
    ],
    (tf, w, x) => tf.gather(w[0], x).mean(1).matMul(w[1]).softmax().log().mean().neg(),
  ),
  ofOperations(
    "softmax cross entropy",
    (r) => r([8, 6]),
    [[6, 3]],
    (tf, w, x) =>
      tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], "int32"), 3), x.matMul(w[0])),
  ),
  ofOperations(
    "layer norm and GELU by hand",
    (r) => r([4, 5, 6]),
    [[6, 8], [8]],
    (tf, w, x) => {
      const h = x.reshape([20, 6]).matMul(w[0]).reshape([4, 5, 8]);
      const { mean, variance } = tf.moments(h, -1, true);
      const z = h.sub(mean).div(variance.add(1e-5).sqrt()).mul(w[1]);
      return z.mul(z.mul(Math.SQRT1_2).erf().add(1)).mul(0.5).square().mean();
    },
  ),
  ofOperations(
    "conv1d",
    (r) => r([3, 10, 2]),
    [[3, 2, 4]],
    (tf, w, x) => tf.conv1d(x, w[0], 1, "same").elu().sum([1]).square().mean(),
  ),
  ofOperations(
    "conv2d transpose",
    (r) => r([2, 5, 5, 3]),
    [[3, 3, 2, 3]],
    (tf, w, x) => tf.conv2dTranspose(x, w[0], [2, 10, 10, 2], 2, "same").square().mean(),
  ),
  ofOperations(
    "split, concat, cumsum",
    (r) => r([4, 6]),
    [[6, 6]],
    (tf, w, x) => {
      const [a, b] = tf.split(x.matMul(w[0]), 2, 1) as [Tensor, Tensor];
      return tf.concat([a.sigmoid(), b.tanh()], 1).cumsum(1).square().mean();
    },
  ),
  ofOperations(
    "bilinear resize",
    (r) => r([2, 4, 4, 2]),
    [[3, 3, 2, 2]],
    (tf, w, x) =>
      tf.image
        .resizeBilinear(tf.conv2d(x, w[0], 1, "same") as engine.Tensor4D, [7, 7])
        .square()
        .mean(),
  ),
  ofOperations(
    "einsum",
    (r) => r([3, 4]),
    [[4, 5]],
    (tf, w, x) => tf.einsum("ij,jk->ik", x, w[0]).square().mean(),
  ),
  ofOperations(
    "einsum of attention heads",
    (r) => r([2, 5, 3, 4]),
    [
      [4, 4],
      [3, 4, 6],
    ],
    (tf, w, x) => {
      const keys = tf.einsum("bthd,de->bthe", x, w[0]);
      const scores = tf.softmax(tf.einsum("bqhd,bkhd->bhqk", x, keys));
      const heads = tf.einsum("bhqk,bkhd->bqhd", scores, x);
      return tf.einsum("bqhd,hdf->bqf", heads, w[1]).square().mean();
    },
  ),
  ofOperations(
    "conv3d",
    (r) => r([1, 4, 4, 4, 2]),
    [[2, 2, 2, 2, 3]],
    (tf, w, x) => tf.conv3d(x, w[0], 1, "same").square().mean(),
  ),
  ofOperations(
    "prelu and max",
    (r) => r([4, 6]),
    [[6, 6], [6]],
    (tf, w, x) => tf.prelu(x.matMul(w[0]), w[1]).max(1).square().mean(),
  ),
  ofOperations(
    "large matrix products, transposed too",
    (r) => r([24, 90]),
    [
      [[70, 90], 0.3],
      [[100, 70], 0.3],
    ],
    (tf, w, x) =>
      tf
        .matMul(w[1], tf.matMul(w[0], x, false, true).tanh(), false, false)
        .square()
        .mean(),
  ),
  ofOperations(
    "batched attention",
    (r) => r([3, 4, 20, 32]),
    [[32, 32]],
    (tf, w, x) => {
      const keys = x.reshape([-1, 32]).matMul(w[0]).reshape(x.shape);
      const scores = tf.softmax(tf.matMul(x, keys, false, true).mul(0.2));
      return tf.matMul(scores, keys).square().mean();
    },
  ),
  ofOperations(
    "one matrix for a batch",
    (r) => r([5, 30, 40]),
    [
      [[40, 20], 0.3],
      [[1, 30, 25], 0.3],
    ],
    (tf, w, x) => {
      const h = tf.matMul(x, w[0]).tanh();
      return tf.matMul(w[1], h, true, false).square().mean();
    },
  ),
  ofOperations(
    "average pool 3x3 with overlap and a border",
    (r) => r([2, 7, 6, 3]),
    [[1, 7, 6, 3]],
    (tf, w, x) => tf.avgPool(x.mul(w[0]), [3, 2], [2, 1], "same").square().mean(),
  ),
  ofOperations(
    "pointwise functions",
    (r) => r([5, 6]),
    [[6, 7], [7]],
    (tf, w, x) => {
      const h = x.matMul(w[0]).add(w[1]) as Tensor;
      const positive = h.abs().add(0.5);
      return tf
        .addN([
          positive.log(),
          positive.sqrt(),
          positive.rsqrt(),
          positive.pow(1.5),
          positive.reciprocal(),
          h.softplus(),
          h.selu(),
          h.leakyRelu(0.1),
          h.relu6(),
          h.sin(),
          h.cos(),
          h.atan(),
          h.sinh().mul(0.1),
          h.expm1(),
          positive.log1p(),
          h.clipByValue(-0.2, 0.3),
          tf.maximum(h, 0.1),
          tf.minimum(h, 0.2),
          tf.squaredDifference(h, 1),
          h.logSigmoid(),
          h.where(h.greater(0), h.mul(0.3)),
          h.mod(0.7),
          h.atan2(positive),
        ])
        .square()
        .mean();
    },
  ),
  ofOperations(
    "rearranging",
    (r) => r([4, 6]),
    [[6, 8]],
    (tf, w, x) => {
      const h = x.matMul(w[0]) as Tensor;
      const tiled = tf.tile(h, [2, 1]).reverse(1);
      const padded = tf
        .pad(tiled, [
          [1, 0],
          [0, 2],
        ])
        .slice([0, 1], [9, 8]);
      const mirrored = tf.mirrorPad(
        padded,
        [
          [1, 1],
          [0, 0],
        ],
        "reflect",
      );
      const stacked = tf.stack([mirrored, mirrored.square()], 1);
      return tf
        .unstack(stacked, 1)
        .reduce((a, b) => a.mul(b))
        .transpose()
        .logSumExp(0)
        .prod()
        .add(h.norm());
    },
  ),
  ofOperations(
    "losses",
    (r) => r([6, 4]),
    [[4, 3]],
    (tf, w, x) => {
      const y = x.matMul(w[0]);
      const labels = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], [6, 3]);
      return tf.addN([
        tf.losses.sigmoidCrossEntropy(labels, y),
        tf.losses.huberLoss(labels, y, undefined, 0.3),
        tf.losses.hingeLoss(labels, y),
        tf.losses.meanSquaredError(labels, y),
        tf.losses.absoluteDifference(labels, y),
        tf.losses.logLoss(labels, y.sigmoid()),
        tf.losses.cosineDistance(labels, y, 1),
        tf.logSoftmax(y).mul(labels).sum().neg(),
      ]);
    },
  ),
  ofOperations(
    "local response normalisation, space to batch",
    (r) => r([2, 6, 6, 4]),
    [[3, 3, 4, 5]],
    (tf, w, x) => {
      const h = tf.localResponseNormalization(tf.conv2d(x, w[0], 1, "same") as engine.Tensor4D, 2, 1, 0.5, 0.75);
      return tf
        .batchToSpaceND(
          tf
            .spaceToBatchND(
              h,
              [2, 2],
              [
                [0, 0],
                [0, 0],
              ],
            )
            .tanh(),
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        )
        .square()
        .mean();
    },
  ),
  ofOperations(
    "dilation2d and nearest resize",
    (r) => r([2, 6, 6, 3]),
    [[3, 3, 3]],
    (tf, w, x) =>
      tf.image
        .resizeNearestNeighbor(tf.dilation2d(x, w[0], 1, "same") as engine.Tensor4D, [9, 9])
        .square()
        .mean(),
  ),
  ofOperations(
    "gather of batches, scattered updates",
    (r) => r([3, 5, 4]),
    [[4, 4]],
    (tf, w, x) => {
      const h = x.reshape([15, 4]).matMul(w[0]).reshape([3, 5, 4]);
      return tf
        .gather(h, tf.tensor2d([0, 2, 2, 1, 4, 0], [3, 2], "int32"), 1, 1)
        .square()
        .mean();
    },
  ),
  ofOperations(
    "dilated convolution",
    (r) => r([2, 9, 8, 3]),
    [[3, 3, 3, 4]],
    (tf, w, x) => tf.conv2d(x, w[0], 1, "same", "NHWC", [2, 2]).square().mean(),
  ),
  ofOperations(
    "dilated depthwise",
    (r) => r([2, 9, 8, 3]),
    [[3, 2, 3, 2]],
    (tf, w, x) => tf.depthwiseConv2d(x, w[0], 1, "same", "NHWC", [2, 3]).square().mean(),
  ),
  ofOperations(
    "depthwise stride 2",
    (r) => r([2, 9, 8, 3]),
    [[3, 3, 3, 1]],
    (tf, w, x) => tf.depthwiseConv2d(x, w[0], 2, "same").square().mean(),
  ),
  ofOperations(
    "separable",
    (r) => r([2, 8, 7, 3]),
    [
      [3, 3, 3, 2],
      [1, 1, 6, 4],
    ],
    (tf, w, x) => tf.separableConv2d(x, w[0], w[1], 1, "valid").relu().square().mean(),
  ),
];

const layerNets: NetMaker[] = [
  ofLayers("dense activations", [6], (l) => [
    l.dense({ units: 8, activation: "selu" }),
    l.dense({ units: 8, activation: "softsign" }),
    l.dense({ units: 8, activation: "hardSigmoid" }),
    l.dense({ units: 8, activation: "swish" }),
    l.dense({ units: 6, activation: "gelu" }),
    l.dense({ units: 6, activation: "mish" }),
    l.activation({ activation: "gelu_new" }),
    l.activation({ activation: "softplus" }),
  ]),
  ofLayers("activation layers", [6], (l) => [
    l.dense({ units: 8 }),
    l.prelu(),
    l.dense({ units: 8 }),
    l.leakyReLU({ alpha: 0.2 }),
    l.dense({ units: 8 }),
    l.elu(),
    l.dense({ units: 8 }),
    l.thresholdedReLU({ theta: 0.05 }),
    l.dense({ units: 8 }),
    l.reLU({ maxValue: 6 }),
    l.softmax(),
  ]),
  ofLayers("CNN with batch norm and dropout", [10, 10, 2], (l) => [
    l.conv2d({ filters: 4, kernelSize: 3, padding: "same", useBias: false }),
    l.batchNormalization(),
    l.reLU(),
    l.maxPooling2d({ poolSize: 2 }),
    l.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: "same", activation: "tanh" }),
    l.flatten(),
    l.dropout({ rate: 0.25, seed: 3 }),
    l.dense({ units: 3 }),
  ]),
  ofLayers("average pooling 2D", [7, 7, 3], (l) => [
    l.conv2d({ filters: 4, kernelSize: 2 }),
    l.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
    l.globalAveragePooling2d({}),
    l.dense({ units: 2 }),
  ]),
  ofLayers("pooling 1D", [12, 3], (l) => [
    l.conv1d({ filters: 4, kernelSize: 3, padding: "same" }),
    l.averagePooling1d({ poolSize: 3, strides: 2, padding: "same" }),
    l.conv1d({ filters: 5, kernelSize: 2, activation: "relu" }),
    l.maxPooling1d({ poolSize: 2 }),
    l.globalMaxPooling1d({}),
    l.dense({ units: 2 }),
  ]),
  ofLayers("dilated conv1d layer", [12, 3], (l) => [
    l.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, padding: "same", activation: "tanh" }),
    l.globalAveragePooling1d({}),
    l.dense({ units: 2 }),
  ]),
  ofLayers("conv3d and pooling 3D", [5, 5, 5, 2], (l) => [
    l.conv3d({ filters: 3, kernelSize: 2, padding: "same", activation: "tanh" }),
    l.averagePooling3d({ poolSize: 2, strides: 2, padding: "same" }),
    l.conv3d({ filters: 4, kernelSize: 2, strides: 1 }),
    l.maxPooling3d({ poolSize: 2, strides: 1 }),
    l.flatten(),
    l.dense({ units: 2 }),
  ]),
  ofLayers("transposed convolutions", [4, 4, 3], (l) => [
    l.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
    l.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 1, padding: "valid" }),
  ]),
  ofLayers("conv3d transpose", [3, 3, 3, 2], (l) => [
    l.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2, padding: "same" }),
  ]),
  ofLayers("separable and depthwise", [9, 9, 3], (l) => [
    l.separableConv2d({ filters: 6, kernelSize: 3, depthMultiplier: 2, padding: "same", activation: "relu" }),
    l.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: "same" }),
    l.globalMaxPooling2d({}),
    l.dense({ units: 2 }),
  ]),
  ofLayers("padding, cropping, upsampling", [6, 5, 2], (l) => [
    l.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    }),
    l.conv2d({ filters: 3, kernelSize: 3 }),
    l.upSampling2d({ size: [2, 2] }),
    l.cropping2D({
      cropping: [
        [1, 0],
        [1, 1],
      ],
    }),
    l.conv2d({ filters: 2, kernelSize: 2 }),
  ]),
  ofLayers("reshaping", [12], (l) => [
    l.dense({ units: 12 }),
    l.reshape({ targetShape: [3, 4] }),
    l.permute({ dims: [2, 1] }),
    l.flatten(),
    l.repeatVector({ n: 3 }),
    l.dense({ units: 4 }),
    l.flatten(),
    l.dense({ units: 2 }),
  ]),
  ofLayers("batch and layer normalisation", [5, 6], (l) => [
    l.dense({ units: 6, useBias: false }),
    l.batchNormalization({ momentum: 0.9 }),
    l.activation({ activation: "tanh" }),
    l.dense({ units: 7, useBias: false }),
    l.layerNormalization(),
    l.activation({ activation: "tanh" }),
    l.dense({ units: 2 }),
  ]),
  ofLayers("batch norm on another axis", [5, 6, 3], (l) => [
    l.conv2d({ filters: 4, kernelSize: 2, useBias: false }),
    l.batchNormalization({ axis: 1 }),
    l.activation({ activation: "tanh" }),
  ]),
  ofLayers("noise layers", [6], (l) => [
    l.gaussianNoise({ stddev: 0.3 }),
    l.dense({ units: 8, activation: "tanh" }),
    l.gaussianDropout({ rate: 0.3 }),
    l.dense({ units: 8, activation: "selu" }),
    l.alphaDropout({ rate: 0.2 }),
    l.dense({ units: 3 }),
  ]),
  ofLayers("spatial dropout", [6, 4], (l) => [
    l.conv1d({ filters: 5, kernelSize: 2 }),
    l.spatialDropout1d({ rate: 0.3, seed: 2 }),
    l.flatten(),
    l.dense({ units: 2 }),
  ]),
  ofLayers(
    "embedding, mask, LSTM",
    [6],
    (l) => [l.embedding({ inputDim: 9, outputDim: 5, maskZero: true }), l.lstm({ units: 6 }), l.dense({ units: 2 })],
    { data: (_, tf) => words(tf, [4, 6], 9, "float32") },
  ),
  ofLayers("masking, GRU", [5, 3], (l) => [
    l.masking({ maskValue: 0 }),
    l.gru({ units: 5, returnSequences: true }),
    l.simpleRNN({ units: 4 }),
    l.dense({ units: 2 }),
  ]),
  ofLayers("bidirectional", [5, 3], (l) => [
    l.bidirectional({ layer: l.lstm({ units: 4, returnSequences: true }) as never, mergeMode: "concat" }),
    l.bidirectional({ layer: l.gru({ units: 3 }) as never, mergeMode: "sum" }),
    l.dense({ units: 2 }),
  ]),
  ofLayers("stacked cells", [5, 3], (l) => [
    l.rnn({ cell: [l.lstmCell({ units: 4 }), l.gruCell({ units: 3 }), l.simpleRNNCell({ units: 3 })] as never }),
    l.dense({ units: 2 }),
  ]),
  ofLayers("RNN with dropout", [5, 3], (l) => [
    l.lstm({ units: 4, dropout: 0.2, recurrentDropout: 0.2, returnSequences: true }),
    l.gru({ units: 4, recurrentDropout: 0.1 }),
    l.dense({ units: 2 }),
  ]),
  ofLayers("time distributed", [4, 6, 2], (l) => [
    l.timeDistributed({ layer: l.conv1d({ filters: 3, kernelSize: 2 }) as never }),
    l.timeDistributed({ layer: l.flatten() as never }),
    l.timeDistributed({ layer: l.dense({ units: 3, activation: "tanh" }) as never }),
    l.lstm({ units: 3 }),
  ]),
  ofLayers(
    "convLSTM2d",
    [3, 5, 5, 2],
    (l) => [
      l.convLstm2d({ filters: 3, kernelSize: 2, padding: "same", returnSequences: false }),
      l.flatten(),
      l.dense({ units: 2 }),
    ],
    { batch: 2 },
  ),
  ofLayers("images prepared by layers", [8, 8, 3], (l) => [
    l.rescaling({ scale: 0.5, offset: 0.1 }),
    l.centerCrop({ height: 6, width: 6 }),
    l.conv2d({ filters: 3, kernelSize: 2 }),
    l.globalAveragePooling2d({}),
  ]),
  ofLayers(
    "categories",
    [3],
    (l) => [l.categoryEncoding({ numTokens: 6, outputMode: "multiHot" }), l.dense({ units: 3 })],
    { data: (_, tf) => words(tf, [4, 3], 6) },
  ),
  ofModel(
    "merging layers",
    (r) => [r([4, 5], 2), r([4, 5], 2)],
    (tf, [a, b]) => {
      const l = tf.layers;
      const [x, y] = [l.dense({ units: 6 }).apply(a!), l.dense({ units: 6, activation: "tanh" }).apply(b!)] as never[];
      const merged = [l.add(), l.multiply(), l.average(), l.maximum(), l.minimum(), l.concatenate()].map(
        (layer) => layer.apply([x!, y!]) as never,
      );
      const dot = l.dot({ axes: 1, normalize: true }).apply([x!, y!]) as never;
      return l.dense({ units: 2 }).apply(l.concatenate().apply([...merged, dot]) as never);
    },
  ),
  ofModel(
    "dot of sequences",
    (r) => [r([3, 4, 5], 2), r([3, 6, 5], 2)],
    (tf, [a, b]) => {
      const l = tf.layers;
      const [x, y] = [l.dense({ units: 6 }).apply(a!), l.dense({ units: 6, useBias: false }).apply(b!)] as never[];
      return l.activation({ activation: "softmax" }).apply(l.dot({ axes: [2, 2] }).apply([x!, y!]) as never);
    },
  ),
];

/** Every net of the parity judge. */
export const nets: readonly NetMaker[] = [...operationNets, ...layerNets];
