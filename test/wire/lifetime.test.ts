import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";
import { nodes } from "./nodes.js";

/** Tensors that were being made or freed when Stop cut the code off, or that compiled code has in a register. */
const mostCutOff = 4;

describe.each(nodes)("tensors in a notebook, Node %s", (_, node) => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await TestKernel.start({ node });
    await kernel.run(`
      const x = Array.from({ length: 64 }, (_, i) => [i / 64, 1 - i / 64]);
      const y = x.map(([a]) => (a! > 0.5 ? 1 : 0));`);
  });
  afterAll(() => kernel.stop());

  const tensors = async () => Number((await kernel.run("tf.memory().numTensors")).result);

  it("a training cell that runs again holds one model, also with its board and its result on the page", async () => {
    const cell = `
      const model = mlp({ inputs: 2, outputs: 2, seed: 1 });
      const run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 2 });
      run`;
    for (let i = 0; i < 20; i++) expect((await kernel.run(cell)).reply.status).toBe("ok");
    expect(await tensors()).toBe(6);
    await kernel.run("const model = null; const run = null;");
    expect(await tensors()).toBe(0);
  });

  it.each([
    ["the value of a cell", "tf.zeros([10]).add(1)"],
    ["a display", "display(tf.zeros([10]).add(1)); display([tf.ones([2])]); 0"],
    ["an error that nobody catches", 'throw Object.assign(new Error("mine"), { tensor: tf.zeros([10]) })'],
    ["an error after an await", 'await null; throw Object.assign(new Error("mine"), { tensor: tf.zeros([10]) })'],
    [
      "a promise that is rejected",
      'void Promise.reject(Object.assign(new Error("mine"), { tensor: tf.ones([3]) })); 0',
    ],
    ["a promise that a cell awaited", "(await Promise.all([1, 2].map(async (i) => tf.zeros([i])))).length"],
    ["a variable that has another value by now", "let held = [tf.zeros([3])]; held = []; 0"],
    ["a print", "console.log(tf.zeros([10]), { deep: tf.ones([2]) })"],
  ])("%s holds no tensor", async (_, code) => {
    await kernel.run(code);
    expect(await tensors()).toBe(0);
  });

  it("a loop that never awaits makes 8 GB of tensors in 4 GB of memory", async () => {
    const { result } = await kernel.run(
      "let z = tf.zeros([2 ** 20]); for (let i = 0; i < 2000; i++) z = z.add(1); const last = z.dataSync()[0]; z = tf.scalar(0); last",
    );
    expect(result).toBe("2000");
    expect(await tensors()).toBe(1);
    await kernel.run("z.dispose()");
    expect(await tensors()).toBe(0);
  });

  it.each([
    ["a tidy", "tf.tidy(() => { for (;;) tf.zeros([100]).add(1).dispose(); })"],
    ["a gradient", "tf.grad((a) => { let b = a; for (;;) b = b.square().mean(); })(tf.ones([10]))"],
    ["plain operations", "let a = tf.ones([10]); for (;;) a = a.square();"],
  ])("Stop in the midst of %s leaves no scope open: later tensors are freed, gradients are right", async (_, code) => {
    const before = await tensors();
    const { done } = await kernel.begin(`console.log("begun"); ${code}`, "begun");
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ ename: "Interrupted" });
    await kernel.run("a = tf.scalar(0); a.dispose()"); // let go of what the cell itself holds
    const after = await tensors();
    expect(after - before).toBeLessThanOrEqual(mostCutOff);
    const { result } = await kernel.run(
      "Array.from(tf.tidy(() => tf.grad((b) => b.square().sum())(tf.tensor([1, 2])).dataSync()))",
    );
    expect(result).toBe("[ 2, 4 ]");
    await kernel.run("for (let i = 0; i < 500; i++) tf.zeros([10]).add(1)");
    expect(await tensors()).toBeLessThanOrEqual(after + mostCutOff);
  });
});
