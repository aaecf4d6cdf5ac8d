// Small nets that between them train most layers; every weight is drawn from a seed, so that backends start equal.
const kernel = (tf, seed) => tf.initializers.glorotUniform({ seed });
const ce = "categoricalCrossentropy";

function sequential(tf, layers, loss, x, y) {
  const model = tf.sequential({ layers });
  model.compile({ optimizer: tf.train.adam(0.01), loss });
  return { model, x, y };
}

/** Values between -1 and 1 in a fixed order. */
function values(tf, shape, phase = 0) {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase) * Math.cos(0.3 * i)),
    shape,
  );
}

function oneHot(tf, rows, classes) {
  return tf.oneHot(
    tf.tensor1d(
      Int32Array.from({ length: rows }, (_, i) => (i * 7) % classes),
      "int32",
    ),
    classes,
  );
}

export const nets = {
  "multi-layer perceptron": (tf) => {
    const { dense } = tf.layers;
    const layers = [
      dense({ units: 16, activation: "relu", inputShape: [8], kernelInitializer: kernel(tf, 1) }),
      dense({ units: 8, activation: "tanh", kernelInitializer: kernel(tf, 2) }),
      dense({ units: 3, activation: "softmax", kernelInitializer: kernel(tf, 3) }),
    ];
    return sequential(tf, layers, ce, values(tf, [12, 8]), oneHot(tf, 12, 3));
  },

  "convolutions with batch normalisation and max-pooling": (tf) => {
    const { conv2d, batchNormalization, maxPooling2d, flatten, dense } = tf.layers;
    const first = { filters: 4, kernelSize: 3, padding: "same", activation: "relu", inputShape: [10, 10, 2] };
    const layers = [
      conv2d({ ...first, kernelInitializer: kernel(tf, 1) }),
      batchNormalization(),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 6, kernelSize: 3, strides: 2, activation: "elu", kernelInitializer: kernel(tf, 2) }),
      flatten(),
      dense({ units: 3, activation: "softmax", kernelInitializer: kernel(tf, 3) }),
    ];
    return sequential(tf, layers, ce, values(tf, [6, 10, 10, 2]), oneHot(tf, 6, 3));
  },

  "separable convolution, average pooling and transposed convolution": (tf) => {
    const { separableConv2d, depthwiseConv2d, averagePooling2d, conv2dTranspose, globalAveragePooling2d } = tf.layers;
    const seeds = { depthwiseInitializer: kernel(tf, 1), pointwiseInitializer: kernel(tf, 2) };
    const layers = [
      separableConv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 2], ...seeds }),
      depthwiseConv2d({ kernelSize: 2, depthwiseInitializer: kernel(tf, 3), activation: "sigmoid" }),
      averagePooling2d({ poolSize: 2, padding: "valid" }),
      conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, kernelInitializer: kernel(tf, 4) }),
      globalAveragePooling2d({}),
    ];
    return sequential(tf, layers, "meanSquaredError", values(tf, [5, 8, 8, 2]), values(tf, [5, 2], 1));
  },

  "embedding and LSTM": (tf) => {
    const { embedding, lstm, dense } = tf.layers;
    const layers = [
      embedding({ inputDim: 11, outputDim: 6, inputLength: 7, embeddingsInitializer: kernel(tf, 1) }),
      lstm({ units: 5, kernelInitializer: kernel(tf, 2), recurrentInitializer: kernel(tf, 3) }),
      dense({ units: 1, activation: "sigmoid", kernelInitializer: kernel(tf, 4) }),
    ];
    const x = tf.tensor2d(
      Float32Array.from({ length: 28 }, (_, i) => (i * 5) % 11),
      [4, 7],
    );
    return sequential(tf, layers, "binaryCrossentropy", x, tf.tensor2d([0, 1, 1, 0], [4, 1]));
  },

  "bidirectional GRU over a one-dimensional convolution": (tf) => {
    const { conv1d, bidirectional, gru, dense } = tf.layers;
    const first = { filters: 4, kernelSize: 3, activation: "relu", inputShape: [9, 3] };
    const layer = gru({ units: 4, kernelInitializer: kernel(tf, 2), recurrentInitializer: kernel(tf, 3) });
    const layers = [
      conv1d({ ...first, kernelInitializer: kernel(tf, 1) }),
      bidirectional({ layer, mergeMode: "concat" }),
      dense({ units: 2, kernelInitializer: kernel(tf, 4) }),
    ];
    return sequential(tf, layers, "meanSquaredError", values(tf, [4, 9, 3]), values(tf, [4, 2], 2));
  },

  "two inputs, layer normalisation, PReLU and concatenation": (tf) => {
    const { dense, layerNormalization, prelu, concatenate } = tf.layers;
    const [a, b] = [tf.input({ shape: [6] }), tf.input({ shape: [4] })];
    const left = layerNormalization().apply(dense({ units: 8, kernelInitializer: kernel(tf, 1) }).apply(a));
    const right = prelu().apply(dense({ units: 5, kernelInitializer: kernel(tf, 2) }).apply(b));
    const merged = concatenate().apply([left, right]);
    const outputs = dense({ units: 2, kernelInitializer: kernel(tf, 3) }).apply(merged);
    const model = tf.model({ inputs: [a, b], outputs });
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    return { model, x: [values(tf, [7, 6]), values(tf, [7, 4], 1)], y: values(tf, [7, 2], 2) };
  },
};

/** The losses of `steps` steps and every weight after them. */
export async function train(tf, make, steps = 6) {
  const { model, x, y } = make(tf);
  const losses = [];
  for (let step = 0; step < steps; step++) losses.push(await model.trainOnBatch(x, y));
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
  model.dispose();
  model.optimizer.dispose();
  tf.dispose([x, y]);
  return [...losses, ...weights];
}
