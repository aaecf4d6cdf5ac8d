// The nets of the bench for this library; peers.py has the same for Keras and PyTorch.
import { tf } from "../../dist/src/index.js";

const L = tf.layers;
const classes = 10;
const stack = (...layers) => tf.sequential({ layers });

/** Multi-head self-attention over what came before, as a layer of a user's own. */
class CausalAttention extends tf.layers.Layer {
  static className = "BenchCausalAttention";
  constructor(config) {
    super(config);
    this.heads = config.heads;
  }

  build([, , width]) {
    for (const name of ["query", "key", "value", "merge"]) {
      this[name] = this.addWeight(name, [width, width], "float32", tf.initializers.glorotUniform({}));
    }
    this.built = true;
  }

  computeOutputShape(shape) {
    return shape;
  }

  call(inputs) {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [n, length, width] = x.shape;
      const size = width / this.heads;
      const project = (weight) => tf.reshape(tf.matMul(tf.reshape(x, [n * length, width]), weight.read()), x.shape);
      const split = (y) => tf.transpose(tf.reshape(y, [n, length, this.heads, size]), [0, 2, 1, 3]);
      const [q, k, v] = [this.query, this.key, this.value].map((weight) => split(project(weight)));
      const future = tf.tensor(
        Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0)),
        [length, length],
      );
      const scores = tf.softmax(tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size)), future));
      const mixed = tf.reshape(tf.transpose(tf.matMul(scores, v), [0, 2, 1, 3]), [n * length, width]);
      return tf.reshape(tf.matMul(mixed, this.merge.read()), x.shape);
    });
  }
}

function transformer() {
  const input = tf.input({ shape: [16] });
  const x = L.embedding({ inputDim: 64, outputDim: 32 }).apply(input);
  const norm = (y) => L.layerNormalization().apply(y);
  const attended = L.add().apply([x, new CausalAttention({ heads: 4 }).apply(norm(x))]);
  const hidden = L.dense({ units: 64, activation: "relu" }).apply(norm(attended));
  const block = L.add().apply([attended, L.dense({ units: 32 }).apply(hidden)]);
  const pooled = L.globalAveragePooling1d().apply(block);
  return tf.model({ inputs: input, outputs: L.dense({ units: classes }).apply(pooled) });
}

function resnet20() {
  const input = tf.input({ shape: [32, 32, 3] });
  const conv = (x, filters, strides = 1, kernelSize = 3) => {
    const made = L.conv2d({ filters, kernelSize, strides, padding: "same", useBias: false }).apply(x);
    return L.batchNormalization().apply(made);
  };
  let x = L.reLU().apply(conv(input, 16));
  for (const [stage, filters] of [16, 32, 64].entries()) {
    for (let block = 0; block < 3; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const y = conv(L.reLU().apply(conv(x, filters, strides)), filters);
      x = L.reLU().apply(L.add().apply([y, strides === 2 ? conv(x, filters, 2, 1) : x]));
    }
  }
  return tf.model({ inputs: input, outputs: L.dense({ units: classes }).apply(L.globalAveragePooling2d({}).apply(x)) });
}

/** Shape of a row, rows of a batch, batches of an epoch. */
export const nets = {
  "MLP 64-64-10": {
    row: [64],
    batch: 32,
    steps: 200,
    make: () => stack(L.dense({ units: 64, activation: "relu", inputShape: [64] }), L.dense({ units: classes })),
  },
  "MLP 784-512-256-10": {
    row: [784],
    batch: 64,
    steps: 50,
    make: () =>
      stack(
        L.dense({ units: 512, activation: "relu", inputShape: [784] }),
        L.dense({ units: 256, activation: "relu" }),
        L.dense({ units: classes }),
      ),
  },
  "CNN 28x28 conv32-conv64": {
    row: [28, 28, 1],
    batch: 64,
    steps: 12,
    make: () =>
      stack(
        L.conv2d({ filters: 32, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
        L.maxPooling2d({ poolSize: 2 }),
        L.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
        L.maxPooling2d({ poolSize: 2 }),
        L.flatten(),
        L.dense({ units: 64, activation: "relu" }),
        L.dense({ units: classes }),
      ),
  },
  "LSTM 32 units 16 steps": {
    row: [16, 8],
    batch: 32,
    steps: 60,
    make: () =>
      stack(
        L.lstm({ units: 32, inputShape: [16, 8], recurrentInitializer: "glorotUniform" }),
        L.dense({ units: classes }),
      ),
  },
  "transformer d32 4 heads T16": { row: [16], batch: 16, steps: 60, vocabulary: 64, make: transformer },
  "ResNet-20 32x32": { row: [32, 32, 3], batch: 32, steps: 4, make: resnet20 },
};

export function data({ row, batch, steps, vocabulary }) {
  const n = batch * steps;
  const size = row.reduce((a, b) => a * b, 1);
  const value = vocabulary ? (i) => (i * 7919) % vocabulary : (i) => Math.sin(i * 1.37);
  const x = tf.tensor(
    Float32Array.from({ length: n * size }, (_, i) => value(i)),
    [n, ...row],
  );
  return { x, y: Array.from({ length: n }, (_, i) => i % classes) };
}
