import { afterAll, describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../../src/core/random.js";
import { CompiledFunction } from "../../../src/engine/compiled/compiled-function.js";
import { HostVariables } from "../../../src/engine/compiled/host-variables.js";
import { tf } from "../../../src/engine/tf.js";
import { adam } from "../../../src/optimizers/adam.js";
import { moveOnHost } from "../../../src/training/host-update.js";
import { type NetMaker, nets } from "./nets.js";
import { difference, type Trained, train } from "./train.js";

/** Six Adam steps of the whole step as one graph: gradients and statistics in native code, the weights on the host. */
async function trainCompiled({ make }: NetMaker): Promise<Trained> {
  await tf.setBackend("wasm");
  const net = make(tf);
  const optimizer = adam({ learningRate: 0.01 });
  const host = new HostVariables();
  const step = () => {
    const { value, grads } = tf.variableGrads(net.loss, net.variables);
    return { loss: value, ...Object.fromEntries(net.variables.map((v, i) => [`g${i}`, grads[v.name]!])) };
  };
  const compiled = CompiledFunction.of(step, [], host);
  const random = RandomStream.of(1, "dropout");
  const losses: number[] = [];
  for (let i = 0; i < 6; i++) {
    compiled.run(host, random);
    losses.push((compiled.outputs.loss as Float32Array)[0]!);
    const outputs = Object.fromEntries(net.variables.map((_, i) => [`gradient${i}`, compiled.outputs[`g${i}`]]));
    moveOnHost(optimizer, net.variables, host, outputs);
  }
  const weights = [...net.variables, ...net.statistics].map((variable) => Array.from(variable.dataSync()));
  host.release();
  compiled.dispose();
  optimizer.dispose();
  net.dispose();
  return { losses, weights };
}

/** What runs operation by operation, and the reason that is given. */
const refused: Readonly<Record<string, string>> = {
  "dilation2d and nearest resize": "it uses Dilation2D",
  "images prepared by layers": "it uses CropAndResize",
  categories: "it reads the numbers of a tensor while it computes",
};

describe("six Adam steps of a compiled step end at the losses and weights of the cpu backend", () => {
  afterAll(async () => {
    await tf.setBackend("wasm");
  });

  it.each(Object.entries(refused))("%s is refused, and says why", async (name, reason) => {
    await expect(trainCompiled(nets.find((net) => net.name === name)!)).rejects.toThrow(reason);
  });

  const compiled = nets.filter(({ name }) => refused[name] === undefined);
  it.each(compiled.map((net) => [net.name, net] as const))("%s", async (_, net) => {
    const expected = await train(tf, "cpu", net, 6, adam({ learningRate: 0.01 }));
    const got = await trainCompiled(net);
    expect(difference(got, expected)).toBeLessThan(1e-5);
  });
});
