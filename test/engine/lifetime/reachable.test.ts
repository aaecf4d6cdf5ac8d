import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { relieve } from "../../../src/engine/lifetime/pressure.js";
import { tf } from "../../../src/engine/tf.js";
import { backends, onBackend } from "./backends.js";
import { expectNothingLeft } from "./nothing-left.js";

/** A tensor that a variable of the user holds, with the values it must have. */
interface Held {
  tensor: tf.Tensor;
  values: number[];
}

/** A random notebook: makes tensors, views, variables and scopes, lets go of some, disposes some. */
class RandomNotebook {
  private readonly random: RandomStream;
  readonly held: Held[] = [];

  constructor(seed: number) {
    this.random = RandomStream.of(seed, "notebook");
  }

  step(): void {
    const steps = [
      this.make,
      this.compute,
      this.view,
      this.makeVariable,
      this.assign,
      this.tidy,
      this.keep,
      this.gradient,
      this.fail,
      this.letGo,
      this.letGo,
      this.dispose,
      this.discard,
    ];
    steps[this.random.integer(steps.length)]!.call(this);
  }

  check(): void {
    for (const { tensor, values } of this.held) expect(Array.from(tensor.dataSync())).toEqual(values);
  }

  private get some(): Held {
    if (this.held.length === 0) this.make();
    return this.held[this.random.integer(this.held.length)]!;
  }

  private hold(tensor: tf.Tensor, values: number[]): void {
    this.held.push({ tensor, values });
  }

  private make(): void {
    const values = Array.from({ length: 4 }, () => this.random.integer(100));
    this.hold(tf.tensor(values), values);
  }

  private compute(): void {
    const { tensor, values } = this.some;
    this.hold(
      tensor.reshape([4]).add(1).mul(2).sub(2),
      values.map((value) => 2 * value),
    );
  }

  private view(): void {
    const { tensor, values } = this.some;
    const views = [() => tensor.reshape([2, 2]), () => tensor.clone(), () => tensor.reshape([4]).slice(0, 4)];
    this.hold(views[this.random.integer(views.length)]!(), values);
  }

  private makeVariable(): void {
    const { tensor, values } = this.some;
    const names = [undefined, "w", "b"];
    this.hold(tf.variable(tensor.reshape([4]), true, names[this.random.integer(names.length)]), values);
  }

  private assign(): void {
    const variable = this.held.find(({ tensor }) => tensor instanceof tf.Variable);
    if (variable === undefined) return;
    const { tensor, values } = this.some;
    (variable.tensor as tf.Variable).assign(tensor.reshape([4]));
    variable.values = values;
  }

  private tidy(): void {
    const { tensor, values } = this.some;
    const [a, b] = tf.tidy(() => {
      const inner = tf.tidy(() => ({ a: tensor.add(1), unused: tensor.mul(3) }));
      if (this.random.integer(4) === 0) relieve();
      return [inner.a.sub(1), tensor.clone()] as const;
    });
    this.hold(a, values);
    this.hold(b, values);
  }

  private keep(): void {
    const { tensor, values } = this.some;
    const kept: tf.Tensor[] = [];
    tf.tidy(() => {
      kept.push(tf.keep(tensor.add(0)));
      tensor.mul(2);
    });
    this.hold(kept[0]!, values);
  }

  private gradient(): void {
    const { tensor, values } = this.some;
    this.hold(
      tf.grad((x) => x.square().sum())(tensor),
      values.map((value) => 2 * value),
    );
  }

  private fail(): void {
    const { tensor } = this.some;
    const failing = () =>
      tf.grad((x) => {
        x.square().exp();
        throw new Error("mine");
      })(tensor);
    expect(failing).toThrow("mine");
  }

  private letGo(): void {
    if (this.held.length > 0) this.held.splice(this.random.integer(this.held.length), 1);
  }

  private dispose(): void {
    if (this.held.length === 0) return;
    const [gone] = this.held.splice(this.random.integer(this.held.length), 1);
    gone!.tensor.dispose();
  }

  private discard(): void {
    const { tensor } = this.some;
    tensor.reshape([2, 2]).add(5);
  }
}

/** In a function of its own, so that no register of the test still holds a tensor. */
function play(seed: number, steps: number): void {
  const notebook = new RandomNotebook(seed);
  for (let step = 0; step < steps; step++) {
    notebook.step();
    if (step % 50 === 49) {
      relieve();
      notebook.check();
      expect(tf.engine().state.numTensors).toBeGreaterThanOrEqual(notebook.held.length);
    }
  }
  relieve();
  notebook.check();
}

describe.each(backends)("random tensors, views, variables and scopes on %s", (backend) => {
  it.each([1, 2, 3, 4])("keep their values while they are held, and nothing is left after (seed %i)", (seed) =>
    onBackend(backend, async () => {
      play(seed, 500);
      await expectNothingLeft();
    }),
  );
});
