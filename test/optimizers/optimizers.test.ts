import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { tf } from "../../src/engine/tf.js";
import { adam, adamw } from "../../src/optimizers/adam.js";
import { lion } from "../../src/optimizers/lion.js";
import type { Optimizer, OptimizerState } from "../../src/optimizers/optimizer.js";
import { type OptimizerName, optimizers } from "../../src/optimizers/optimizers.js";
import { rmsprop } from "../../src/optimizers/rmsprop.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";
import { sgd } from "../../src/optimizers/sgd.js";
import { arrayOf, ways } from "./ways.js";

const start = [1.5, -2, 0.25, 3];
let variable: tf.Variable;
let tensorsBefore: number;

beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
  variable = tf.tidy(() => tf.variable(tf.tensor1d(start)));
});

afterEach(() => {
  variable.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

function step(optimizer: Optimizer, gradient: number[]): number[] {
  tf.tidy(() => void optimizer.apply({ [variable.name]: tf.tensor1d(gradient) }, [variable]));
  return Array.from(variable.dataSync());
}

describe.each(Object.keys(optimizers) as OptimizerName[])("%s", (name) => {
  it("takes a new learning rate from the next step on", () => {
    const optimizer = optimizers[name]();
    optimizer.learningRate = 0;
    expect(step(optimizer, [1, 1, 1, 1])).toEqual(start);
    optimizer.learningRate = 0.1;
    expect(step(optimizer, [1, 1, 1, 1])[0]).toBeLessThan(start[0]!);
    optimizer.dispose();
  });

  it("leaves a variable without a gradient alone", () => {
    const optimizer = optimizers[name]();
    expect(optimizer.apply({}, [variable])).toBeNull();
    expect(Array.from(variable.dataSync())).toEqual(start);
    optimizer.dispose();
  });

  it("starts anew after dispose", () => {
    const optimizer = optimizers[name]();
    const first = () => {
      tf.tidy(() => variable.assign(tf.tensor1d(start)));
      step(optimizer, [1, -2, 3, 0.5]);
      return step(optimizer, [1, -2, 3, 0.5]);
    };
    const moved = first();
    expect(optimizer.step).toBe(2);
    optimizer.dispose();
    expect(optimizer.step).toBe(0);
    expect(first()).toEqual(moved);
    optimizer.dispose();
  });

  it("refuses an option that it does not have", () => {
    const make = () => optimizers[name]({ lr: 0.1 } as never);
    expect(make).toThrow(`${name}: there is no option "lr", only learningRate, weightDecay, clipNorm, globalClipNorm,`);
  });
});

it("slots belong to the variable's name, so that order and number of variables may change", () => {
  const other = tf.tidy(() => tf.variable(tf.tensor2d([[5, 6]])));
  const optimizer = sgd({ learningRate: 1, momentum: 0.5 });
  const both = { [variable.name]: [1, 1, 1, 1], [other.name]: [[1, 1]] };
  const apply = (variables: tf.Variable[]) =>
    tf.tidy(() => {
      const gradients = variables.map((v) => [v.name, tf.tensor(both[v.name]!)] as const);
      optimizer.apply(Object.fromEntries(gradients), variables);
    });
  apply([variable, other]);
  apply([other]);
  apply([other, variable]);
  expect(Array.from(variable.dataSync())).toEqual(start.map((value) => value - 1 - 1.5));
  expect(Array.from(other.dataSync())).toEqual([5 - 1 - 1.5 - 1.75, 6 - 1 - 1.5 - 1.75]);
  optimizer.dispose();
  other.dispose();
});

describe("the learning rate", () => {
  it("follows a schedule by the updates so far", () => {
    const optimizer = sgd({ learningRate: schedules.custom((n) => 2 ** -n) });
    expect([0, 1, 2].map(() => [optimizer.learningRate, step(optimizer, [1, 0, 0, 0])[0]])).toEqual([
      [1, 0.5],
      [0.5, 0],
      [0.25, -0.25],
    ]);
  });

  it("counts one update for gathered gradients", () => {
    const optimizer = sgd({ learningRate: schedules.custom((n) => 2 ** -n), accumulate: 2 });
    const seen = [1, 2, 3, 4, 5].map(() => {
      step(optimizer, [1, 0, 0, 0]);
      return [optimizer.step, optimizer.learningRate];
    });
    expect(seen).toEqual([
      [0, 1],
      [1, 0.5],
      [1, 0.5],
      [2, 0.25],
      [2, 0.25],
    ]);
  });

  it("may change from a schedule to a number and back", () => {
    const optimizer = sgd({ learningRate: schedules.constant({ learningRate: 1 }) });
    optimizer.learningRate = 0.5;
    expect(optimizer.learningRate).toBe(0.5);
    optimizer.learningRate = schedules.constant({ learningRate: 0.25 });
    expect(optimizer.learningRate).toBe(0.25);
    expect(() => {
      optimizer.learningRate = -1;
    }).toThrow("sgd: learningRate must be a number from 0, got -1.");
  });
});

describe("weight decay", () => {
  const decayed = async (optimizer: Optimizer) => {
    const weights = await ways.arrays!({
      kernel: arrayOf([1, 1], [1]),
      bias: arrayOf([1], [1]),
      scale: arrayOf([], [1]),
    });
    weights.step(optimizer, { kernel: [0], bias: [0], scale: [0] });
    return Object.values(weights.values()).map(([value]) => Number(value!.toFixed(6)));
  };

  it("of adamw spares biases and the scales of norms", async () => {
    expect(await decayed(adamw({ learningRate: 1 }))).toEqual([0.996, 1, 1]);
  });

  it("goes by a rule of one's own", async () => {
    const appliesTo = (name: string, shape: readonly number[]) => name === "bias" || shape.length === 0;
    expect(await decayed(sgd({ learningRate: 1, weightDecay: { rate: 0.5, appliesTo } }))).toEqual([1, 0.5, 0.5]);
  });
});

describe("the moving average", () => {
  it("begins with the first new weight, also of a variable that comes later", async () => {
    const optimizer = sgd({ learningRate: 1, ema: { momentum: 0.5 } });
    const weights = await ways.arrays!({ a: arrayOf([1], [0]), b: arrayOf([1], [0]) });
    weights.step(optimizer, { a: [-8] });
    weights.step(optimizer, { a: [-8], b: [-2] });
    const averages = Object.entries(optimizer.averaged()).map(([name, { values }]) => [name, ...values]);
    expect(averages).toEqual([
      ["a", 12],
      ["b", 2],
    ]);
  });

  it.each(["wasm", "elsewhere"])("takes the place of the weights until they come back on %s", async (way) => {
    const weights = await ways[way]!({ a: arrayOf([1], [0]), still: arrayOf([1], [7]) });
    const optimizer = sgd({ learningRate: 1, ema: { momentum: 0.5 } });
    weights.step(optimizer, { a: [-8] });
    weights.step(optimizer, { a: [-8] });
    const replaced = optimizer.useAveraged(weights.variables);
    expect(weights.values()).toEqual({ a: [12], still: [7] });
    replaced.restore();
    expect(weights.values()).toEqual({ a: [16], still: [7] });
    replaced.restore();
    optimizer.useAveraged(weights.variables).dispose();
    expect(weights.values()).toEqual({ a: [12], still: [7] });
    weights.dispose();
    optimizer.dispose();
    await tf.setBackend("wasm");
  });

  it("is missing without the option", () => {
    const message = ": there are no averages. Make the optimizer with ema, such as { momentum: 0.99 }.";
    expect(() => adam().averaged()).toThrow(`adam.averaged${message}`);
    expect(() => adam().useAveraged([])).toThrow(`adam.useAveraged${message}`);
  });
});

describe("a state", () => {
  const stateOf = (optimizer: Optimizer): OptimizerState => {
    step(optimizer, [1, 1, 1, 1]);
    const state = optimizer.state();
    optimizer.dispose();
    return state;
  };

  it("is plain JSON and arrays by variable and slot", () => {
    const { json, arrays } = stateOf(rmsprop({ momentum: 0.5, learningRate: 0.25 }));
    expect(json).toEqual({ optimizer: "rmsprop", step: 1, pending: 0, learningRate: 0.25 });
    expect(Object.keys(arrays)).toEqual(["meanSquare", "velocity"].map((kind) => `${variable.name}/${kind}`));
    expect(arrays[`${variable.name}/velocity`]!.shape).toEqual([4]);
  });

  it("brings its schedule along, but not the code of a custom one", () => {
    const cosine = schedules.cosine({ initialLearningRate: 1, decaySteps: 2 });
    const other = sgd();
    other.load(stateOf(sgd({ learningRate: cosine })));
    expect(other.learningRate).toBe(cosine.at(1));
    const own = sgd({ learningRate: schedules.custom((n) => n + 1) });
    own.load(stateOf(sgd({ learningRate: schedules.custom((n) => n) })));
    expect(own.learningRate).toBe(2);
    expect(() => sgd().load(stateOf(sgd({ learningRate: schedules.custom((n) => n) })))).toThrow(
      "a custom schedule is code and cannot be read.",
    );
  });

  it("is a copy, not a view of slots that go on", () => {
    const optimizer = sgd({ momentum: 0.5 });
    step(optimizer, [1, 1, 1, 1]);
    const { arrays } = optimizer.state();
    const before = JSON.stringify(arrays);
    step(optimizer, [1, 1, 1, 1]);
    expect(JSON.stringify(arrays)).toBe(before);
    const other = sgd({ momentum: 0.5 });
    other.load({ json: optimizer.state().json, arrays });
    step(other, [1, 1, 1, 1]);
    expect(JSON.stringify(arrays)).toBe(before);
  });

  it.each<[() => Optimizer, () => Optimizer, RegExp]>([
    [() => adam(), () => sgd(), /^adam.load: the state must be one of adam, got one of "sgd"\.$/],
    [
      () => sgd(),
      () => sgd({ momentum: 0.5 }),
      /^sgd.load: the state keeps "velocity" of ".*", and this optimizer does not. Make it with the options that it had\.$/,
    ],
    [
      () => adam({ amsgrad: true }),
      () => adam(),
      /^adam.load: the state has no "largestSquare" of ".*", and this optimizer needs it. Make it with the options that it had\.$/,
    ],
    [() => adam(), () => adam({ ema: {} }), /^adam.load: the state keeps "average" of/],
    [
      () => lion(),
      () => lion({ accumulate: 2 }),
      /^lion.load: pending must be an integer from 0 and below 1, got 1. Make the optimizer with the accumulate that it had\.$/,
    ],
  ])("of other options is refused and changes nothing (%#)", (make, source, message) => {
    const optimizer = make();
    step(optimizer, [1, 1, 1, 1]);
    const before = optimizer.state();
    const foreign = stateOf(source());
    expect(() => optimizer.load(foreign)).toThrow(message);
    expect(optimizer.state()).toEqual(before);
    optimizer.dispose();
  });

  it.each<[unknown, string]>([
    [undefined, "adam.load: expected what state() of an optimizer gave, got undefined."],
    [{ json: {} }, "adam.load: expected what state() of an optimizer gave, got a Object."],
    [{ json: { optimizer: "adam", step: -1 }, arrays: {} }, "adam.load: step must be an integer from 0, got -1."],
    [
      { json: { optimizer: "adam", step: 1, pending: 0, learningRate: 1 }, arrays: { "w/mean": [1] } },
      'adam.load: "w/mean" must be { shape, values } with a Float32Array, got an array of 1.',
    ],
    [
      { json: { optimizer: "adam", step: 1, pending: 0, learningRate: null }, arrays: {} },
      "adam.load: learningRate must be a number from 0, got null.",
    ],
  ])("that is none is refused (%#)", (state, message) => {
    expect(() => adam().load(state as OptimizerState)).toThrow(message);
  });

  it("with a slot cut short is refused", () => {
    const { json, arrays } = stateOf(sgd({ momentum: 0.5 }));
    const [key] = Object.keys(arrays);
    const cut = { [key!]: { shape: [4], values: new Float32Array(3) } };
    expect(() => sgd({ momentum: 0.5 }).load({ json, arrays: cut })).toThrow(
      `sgd.load: "${key}" must have 4 numbers for its shape [4], got 3.`,
    );
  });
});

describe("what does not fit is refused in one sentence", () => {
  it("a gradient of another shape", () => {
    const apply = () => tf.tidy(() => void adam().apply({ [variable.name]: tf.tensor1d([1, 2]) }, [variable]));
    expect(apply).toThrow(`adam: the gradient of "${variable.name}" must fit its shape [4], got [2].`);
  });

  it("a variable of integers", () => {
    const integers = tf.tidy(() => tf.variable(tf.tensor1d([1], "int32")));
    const apply = () => tf.tidy(() => void adam().apply({ [integers.name]: tf.tensor1d([1]) }, [integers]));
    expect(apply).toThrow(`adam: variable "${integers.name}" must be float32, got int32.`);
    integers.dispose();
  });

  it("arrays of another length", () => {
    const [weight, gradient] = [new Float32Array(6), new Float32Array(5)];
    expect(() => adam().applyArrays([{ name: "w", shape: [2, 3], weight, gradient }])).toThrow(
      'adam: the gradient of "w" must fit its shape [2, 3], got [5].',
    );
    expect(() => adam().applyArrays([{ name: "w", shape: [5], weight, gradient }])).toThrow(
      'adam: the weight of "w" must fit its shape [5], got [6].',
    );
  });

  it.each(["arrays", "elsewhere"])("a variable that had another shape on %s", async (way) => {
    const optimizer = adam();
    const first = await ways[way]!({ w: arrayOf([2], [1, 2]) });
    first.step(optimizer, { w: [1, 1] });
    first.dispose();
    const second = await ways[way]!({ w: arrayOf([3], [1, 2, 3]) });
    expect(() => second.step(optimizer, { w: [1, 1, 1] })).toThrow(
      'adam: it knows variable "w" with shape [2], got [3]. Make a new optimizer for another model, or call dispose() first.',
    );
    optimizer.dispose();
    expect(second.step(optimizer, { w: [1, 1, 1] })).toBeNull();
    optimizer.dispose();
    second.dispose();
    await tf.setBackend("wasm");
  });

  it.each<[() => Optimizer, string]>([
    [() => adam({ learningRate: Number.NaN }), "adam: learningRate must be a number from 0, got NaN."],
    [() => adam({ beta1: 1 }), "adam: beta1 must be a number from 0 and below 1, got 1."],
    [() => adam({ epsilon: 0 }), "adam: epsilon must be a number above 0, got 0."],
    [() => adam({ amsgrad: 1 as never }), 'adam: amsgrad must be one of "true", "false", got "1".'],
    [() => adam({ clipNorm: 0 }), "adam: clipNorm must be a number above 0, got 0."],
    [() => adam({ accumulate: 1.5 }), "adam: accumulate must be an integer from 1, got 1.5."],
    [() => adam({ ema: 0.9 as never }), "adam: ema must be an object such as { momentum: 0.99 }, got 0.9."],
    [() => adam({ ema: { momentum: 1 } }), "adam: ema.momentum must be a number from 0 and below 1, got 1."],
    [() => adam({ ema: { overwriteEvery: 0 } }), "adam: ema.overwriteEvery must be an integer from 1, got 0."],
    [() => adam({ weightDecay: -1 }), "adam: weightDecay must be a number from 0, got -1."],
    [
      () => adam({ weightDecay: { rate: 1, appliesTo: "kernel" as never } }),
      'adam: weightDecay.appliesTo must be a function of name and shape, got "kernel".',
    ],
    [
      () => adam({ clipNorm: 1, clipValue: 1 }),
      "adam: only one of clipNorm, globalClipNorm, clipValue can be given, got clipNorm and clipValue.",
    ],
    [() => adam(0.01 as never), "adam: options must be an object such as { learningRate: 0.01 }, got 0.01."],
    [() => sgd({ momentum: -0.1 }), "sgd: momentum must be a number from 0 and below 1, got -0.1."],
    [
      () => sgd({ nesterov: true }),
      "sgd: nesterov needs a momentum above 0, got 0. Pass momentum: 0.9 or leave nesterov out.",
    ],
  ])("an option out of range (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});

describe("applyArrays with another array for the new weight", () => {
  it("leaves the old weight, and writes nothing until there is an update", () => {
    const optimizer = sgd({ learningRate: 0.5, accumulate: 2 });
    const [weight, out] = [Float32Array.of(1, 2), new Float32Array(2)];
    const step = (gradient: number[]) =>
      optimizer.applyArrays([{ name: "w", shape: [2], weight, gradient: Float32Array.from(gradient), out }]);
    step([2, 4]);
    expect([...out]).toEqual([0, 0]);
    step([4, 0]);
    expect([...out]).toEqual([-0.5, 1]); // 1 - 0.5 * 3, 2 - 0.5 * 2
    expect([...weight]).toEqual([1, 2]);
    expect(() =>
      optimizer.applyArrays([{ name: "w", shape: [2], weight, gradient: weight, out: new Float32Array(1) }]),
    ).toThrow('sgd: the new weight of "w" must fit its shape [2], got [1].');
  });
});
