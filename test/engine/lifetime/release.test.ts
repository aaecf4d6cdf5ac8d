import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { collectGarbage } from "../../../src/engine/lifetime/collect-garbage.js";
import { relieve } from "../../../src/engine/lifetime/pressure.js";
import { tf } from "../../../src/engine/tf.js";

/** Without the collection that `tf.memory` makes first. */
const count = () => tf.engine().state.numTensors;

/** In a function of its own, so that no register of the test still holds what it made. */
function drop(make: () => unknown): void {
  make();
}

afterEach(() => {
  tf.disposeVariables();
  expect(tf.memory()).toMatchObject({ numTensors: 0, numDataBuffers: 0, numBytes: 0 });
});

describe("a tensor that nothing reaches", () => {
  it.each<[string, () => unknown]>([
    ["is freed after an operation", () => tf.zeros([3]).add(1)],
    ["is freed when a tidy returned it", () => tf.tidy(() => tf.zeros([3]).add(1))],
    ["is freed when it was kept in a tidy", () => tf.tidy(() => void tf.keep(tf.zeros([3])))],
    ["is freed with the data that it shares", () => [tf.zeros([4]).reshape([2, 2]), tf.zeros([2]).clone()]],
    ["is freed when it has strings", () => tf.tensor(["a", "b"])],
    ["is freed when several came from one operation", () => tf.split(tf.zeros([4]), 2)],
    ["is freed when it is a variable", () => tf.variable(tf.zeros([3]))],
    ["is freed when it is a variable with a new value", () => tf.variable(tf.zeros([3])).assign(tf.ones([3]))],
    ["is freed when it is a gradient", () => tf.grad((x) => x.square().sum())(tf.ones([3]))],
    ["is freed when a gradient kept it", () => tf.grad((x) => tf.keep(x.square()).sum())(tf.ones([3]))],
    ["is freed when a second gradient kept it", () => tf.grad(tf.grad((x) => x.pow(3)))(tf.ones([3]))],
  ])("%s", (_, make) => {
    drop(make);
    expect(count()).toBeGreaterThan(0);
    expect(relieve()).toBeGreaterThan(0);
    expect(count()).toBe(0);
  });

  it("is freed in the midst of a loop that never awaits", () => {
    let x = tf.zeros([2 ** 20]);
    let most = 0;
    for (let i = 0; i < 200; i++) {
      x = x.add(1);
      most = Math.max(most, tf.memory().numBytes);
    }
    expect(x.dataSync()[0]).toBe(200);
    expect(most).toBeLessThan(400e6); // of 840 MB that were made
    x.dispose();
  });

  it("is freed after a collection that V8 makes on its own", async () => {
    drop(() => tf.zeros([3]).add(1));
    await setImmediate();
    collectGarbage();
    for (let turn = 0; turn < 200 && count() > 0; turn++) await setImmediate();
    expect(count()).toBe(0);
  });

  it("is freed with what a failed gradient kept for its way back", () => {
    const f = (x: tf.Tensor) => {
      x.square().sum();
      throw new Error("mine");
    };
    drop(() => expect(() => tf.grad(f)(tf.ones([3]))).toThrow("mine"));
    expect(count()).toBe(1);
    relieve();
    expect(count()).toBe(0);
    expect(
      tf
        .grad((x) => x.square().sum())(tf.ones([1]))
        .dataSync()[0],
    ).toBe(2);
  });
});

describe("a tensor that is disposed", () => {
  it("is not freed a second time, though others share its data", () => {
    const x = tf.tensor([1, 2, 3]);
    drop(() => x.clone().dispose());
    drop(() => x.reshape([3, 1]));
    relieve();
    expect(count()).toBe(1);
    expect(Array.from(x.dataSync())).toEqual([1, 2, 3]);
    x.dispose();
    expect(relieve()).toBe(0);
  });

  it("is not freed a second time when it is a variable that is disposed twice", () => {
    const x = tf.tensor([1, 2, 3]);
    const w = tf.variable(x);
    w.dispose();
    w.dispose();
    relieve();
    expect(Array.from(x.dataSync())).toEqual([1, 2, 3]);
    x.dispose();
  });
});

describe("a tensor that something reaches", () => {
  it("stays, wherever it is kept", () => {
    const list = [tf.tensor([1])];
    const map = new Map([["a", tf.tensor([2])]]);
    const closure = (
      (x: tf.Tensor) => () =>
        x.dataSync()[0]
    )(tf.tensor([3]));
    relieve();
    expect([list[0]!.dataSync()[0], map.get("a")!.dataSync()[0], closure()]).toEqual([1, 2, 3]);
    list[0]!.dispose();
    map.get("a")!.dispose();
  });

  it("stays in a scope that is open", () => {
    const sum = tf.tidy(() => {
      const x = tf.ones([3]);
      relieve();
      return x.sum().dataSync()[0];
    });
    expect(sum).toBe(3);
  });
});

it("tf.memory counts what is reachable", () => {
  drop(() => tf.zeros([3]).add(1));
  const x = tf.zeros([2]);
  expect(tf.memory()).toMatchObject({ numTensors: 1, numBytes: 8 });
  x.dispose();
});

describe("variables by name", () => {
  it("a name may be used again: the older variable lives on under the next free name", () => {
    const older = tf.variable(tf.scalar(1), true, "w");
    const newer = tf.variable(tf.scalar(2), true, "w");
    expect([older.name, newer.name]).toEqual(["w_1", "w"]);
    const { grads } = tf.variableGrads(() => tf.mul(older, newer) as tf.Scalar);
    expect(Object.fromEntries(Object.entries(grads).map(([name, value]) => [name, value.dataSync()[0]]))).toEqual({
      w: 1,
      w_1: 2,
    });
    tf.train.sgd(1).applyGradients(grads);
    expect([older.dataSync()[0], newer.dataSync()[0]]).toEqual([-1, 1]);
    older.dispose();
    newer.dispose();
  });

  it("one that was collected leaves its name", () => {
    drop(() => tf.variable(tf.scalar(1), true, "w"));
    relieve();
    expect(Object.keys(tf.engine().registeredVariables)).toEqual([]);
    const again = tf.variable(tf.scalar(2), true, "w");
    expect(again.name).toBe("w");
    again.dispose();
  });

  it.each<[string, () => tf.Tensor[]]>([
    ["numbers", () => [tf.tensor([1, 2]), tf.tensor([3, 4])]],
    ["strings", () => [tf.tensor(["a", "b"]), tf.tensor(["c", "d"])]],
  ])("one of %s keeps its last value, and the value lives on its own", (_, make) => {
    const [first, second] = make() as [tf.Tensor, tf.Tensor];
    const w = tf.variable(first);
    w.assign(second);
    w.assign(second);
    const expected = second.arraySync();
    tf.dispose([first, second]);
    relieve();
    expect(w.arraySync()).toEqual(expected);
    expect(count()).toBe(1);
    w.dispose();
    expect(() => w.dataSync()).toThrow("Tensor is disposed.");
  });

  it("a value of another shape or type does not fit", () => {
    const w = tf.variable(tf.tensor([1, 2]));
    expect(() => w.assign(tf.tensor([1]) as never)).toThrow(
      "shape of the new value (1) and previous value (2) must match",
    );
    expect(() => w.assign(tf.tensor([1, 2], undefined, "int32"))).toThrow(
      "dtype of the new value (int32) and previous value (float32) must match",
    );
    w.dispose();
  });

  it("one that tf.disposeVariables frees is disposed", () => {
    const w = tf.variable(tf.scalar(1));
    tf.disposeVariables();
    expect(w.isDisposed).toBe(true);
  });
});
