import { expect, it } from "@jest/globals";
import { tf } from "../../../src/engine/tf.js";
import { layers } from "../../../src/layers/layers.js";
import { layerContract, readFixture } from "../../contracts/layer.js";

const fixture = readFixture("recurrent");
const inputShape = [5, 2];
const state = [2];
const both = (name: string) => [fixture(name), fixture(`${name}, masked`)];

/** The inputs are the sequences and the states that the layer starts with. */
const started =
  (layer: tf.layers.Layer) =>
  (...inputs: tf.SymbolicTensor[]) =>
    layer.apply(inputs) as tf.SymbolicTensor;

type Options = { returnSequences?: boolean; returnState?: boolean; goBackwards?: boolean };
type Recurrent = Parameters<typeof layers.bidirectional>[0]["layer"];

// Where TensorFlow.js has a "hard sigmoid" for the gates, Keras has a sigmoid.
const kinds = {
  lstm: {
    nStates: 2,
    make: (options: Options) => layers.lstm({ units: 2, recurrentActivation: "sigmoid", ...options }),
  },
  gru: { nStates: 1, make: (options: Options) => layers.gru({ units: 2, recurrentActivation: "sigmoid", ...options }) },
  simpleRNN: { nStates: 1, make: (options: Options) => layers.simpleRNN({ units: 2, ...options }) },
};

for (const [name, { nStates, make }] of Object.entries(kinds)) {
  const states = Array.from({ length: nStates }, () => state);
  layerContract(name, { make: () => make({}), inputShape, fixture: both(name) });
  layerContract(`${name} of sequences`, {
    make: () => make({ returnSequences: true }),
    inputShape,
    fixture: both(`${name} of sequences`),
  });
  layerContract(`${name} that starts with a state`, {
    make: () => started(make({})),
    inputShape: [inputShape, ...states],
    fixture: [fixture(`${name}, started`), fixture(`${name}, masked and started`)],
  });
  layerContract(`${name} of sequences that starts with a state`, {
    make: () => started(make({ returnSequences: true })),
    inputShape: [inputShape, ...states],
    fixture: fixture(`${name} of sequences, masked and started`),
  });
  layerContract(`${name} that goes backwards`, {
    make: () => make({ returnSequences: true, goBackwards: true }),
    inputShape,
    fixture: fixture(`${name}, backwards, masked`),
  });
  layerContract(`${name} with its states`, {
    make: () => make({ returnState: true }),
    inputShape,
    fixture: fixture(`${name} with its states, masked`),
  });

  const bidirectional = (options: Options) =>
    layers.bidirectional({ layer: make(options) as unknown as Recurrent, mergeMode: "concat" });
  layerContract(`bidirectional ${name}`, {
    make: () => bidirectional({}),
    inputShape,
    fixture: both(`bidirectional ${name}`),
  });
  layerContract(`bidirectional ${name} of sequences`, {
    make: () => bidirectional({ returnSequences: true }),
    inputShape,
    fixture: both(`bidirectional ${name} of sequences`),
  });
  layerContract(`bidirectional ${name} that starts with states`, {
    make: () => started(bidirectional({ returnSequences: true })),
    inputShape: [inputShape, ...states, ...states],
    fixture: fixture(`bidirectional ${name}, masked and started`),
  });
  layerContract(`bidirectional ${name} with its states`, {
    make: () => bidirectional({ returnSequences: true, returnState: true }),
    inputShape,
    fixture: fixture(`bidirectional ${name} with its states, masked`),
  });
}

const after = (options: Options & { useBias?: boolean } = {}) =>
  layers.gru({ units: 2, recurrentActivation: "sigmoid", resetAfter: true, ...options });
layerContract("gru that resets after", {
  make: () => after(),
  inputShape,
  fixture: both("gru that resets after"),
});
layerContract("gru of sequences that resets after", {
  make: () => after({ returnSequences: true }),
  inputShape,
  fixture: both("gru that resets after, of sequences"),
});
layerContract("gru that resets after without a bias", {
  make: () => after({ useBias: false }),
  inputShape,
  fixture: fixture("gru that resets after, without a bias"),
});
layerContract("gru that resets after and starts with a state", {
  make: () => started(after()),
  inputShape: [inputShape, state],
  fixture: fixture("gru that resets after, masked and started"),
});
layerContract("gru that resets after and drops", {
  make: () =>
    layers.gru({ units: 2, recurrentActivation: "sigmoid", resetAfter: true, dropout: 0.3, recurrentDropout: 0.2 }),
  inputShape,
});
layerContract("bidirectional gru that resets after", {
  make: () => layers.bidirectional({ layer: after({ returnSequences: true }) as never, mergeMode: "concat" }),
  inputShape,
  fixture: both("bidirectional gru that resets after"),
});
layerContract("rnn of a cell that resets after", {
  make: () => layers.rnn({ cell: layers.gruCell({ units: 2, resetAfter: true }) }) as unknown as tf.layers.Layer,
  inputShape,
});

for (const mergeMode of ["sum", "ave", "mul", null] as const) {
  const name = mergeMode === null ? "None" : mergeMode;
  const make = (returnSequences: boolean) => () => {
    const layer = kinds.lstm.make({ returnSequences }) as unknown as Recurrent;
    return layers.bidirectional({ layer, mergeMode: mergeMode as "sum" });
  };
  layerContract(`bidirectional lstm, ${name}`, {
    make: make(false),
    inputShape,
    fixture: fixture(`bidirectional lstm, ${name}`),
  });
  layerContract(`bidirectional lstm of sequences, ${name}`, {
    make: make(true),
    inputShape,
    fixture: both(`bidirectional lstm of sequences, ${name}`),
  });
}

const inner = {
  dense: { make: () => layers.dense({ units: 2, activation: "tanh" }), inputShape: [3, 4] },
  "a convolution": { make: () => layers.conv2d({ filters: 2, kernelSize: 2 }), inputShape: [3, 3, 2, 2] },
  // Two rows a step: with less, an output would jump between -1 and 1.
  "batch normalisation": { make: () => layers.batchNormalization({ epsilon: 0.1 }), inputShape: [3, 4] },
} as const;
for (const [name, { make, inputShape: shape }] of Object.entries(inner)) {
  const own = `timeDistributed ${name}`;
  const more = name === "batch normalisation" ? [fixture(`${own}, training`)] : [];
  layerContract(own, {
    make: () => layers.timeDistributed({ layer: make() }),
    inputShape: shape,
    fixture: [fixture(own), fixture(`${own}, masked, training`), ...more],
  });
}

const behind = {
  lstm: () => kinds.lstm.make({}),
  gru: () => kinds.gru.make({}),
  simpleRNN: () => kinds.simpleRNN.make({}),
  "bidirectional lstm": () =>
    layers.bidirectional({
      layer: kinds.lstm.make({ returnSequences: true }) as unknown as Recurrent,
      mergeMode: "concat",
    }),
  "timeDistributed dense": () => layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
  "timeDistributed batch normalisation": () =>
    layers.timeDistributed({ layer: layers.batchNormalization({ epsilon: 0.1 }) }),
  "batch normalisation": () => layers.batchNormalization(),
  globalAveragePooling1d: () => layers.globalAveragePooling1d(),
  globalMaxPooling1d: () => layers.globalMaxPooling1d(),
};
for (const [name, make] of Object.entries(behind)) {
  layerContract(`embedding with a mask into ${name}`, {
    make: () => (x) => {
      const embedded = layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true }).apply(x);
      return make().apply(embedded) as tf.SymbolicTensor;
    },
    inputShape: [4],
    ids: 6,
    fixture: fixture(`embedding into ${name}, training`),
  });
}

it("a sentence that is padding alone is passed over behind a layer around each sentence", () => {
  const words = layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true });
  const sentence = layers.timeDistributed({ layer: kinds.lstm.make({}) });
  const text = kinds.lstm.make({});
  const input = tf.input({ shape: [null, 4] });
  const outputs = text.apply(sentence.apply(words.apply(input))) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs });
  const two = [
    [1, 2, 0, 0],
    [3, 4, 5, 0],
  ];
  const [long, short] = [[...two, [0, 0, 0, 0]], two].map((rows) => model.predict(tf.tensor3d([rows])) as tf.Tensor);
  expect(Array.from(long!.dataSync())).toEqual(Array.from(short!.dataSync()));
  const [other] = [[two[0]!, [3, 4, 5, 1]]].map((rows) => model.predict(tf.tensor3d([rows])) as tf.Tensor);
  expect(Array.from(other!.dataSync())).not.toEqual(Array.from(short!.dataSync()));
});

it("a layer around others is frozen by its option", () => {
  const layer = kinds.lstm.make({}) as unknown as Recurrent;
  for (const made of [
    layers.bidirectional({ layer, mergeMode: "concat", trainable: false }),
    layers.timeDistributed({ layer: layers.dense({ units: 2 }), trainable: false }),
  ]) {
    made.apply(tf.input({ shape: inputShape }));
    expect(made.weights.length).toBeGreaterThan(0);
    expect(made.trainableWeights).toEqual([]);
  }
});
