// Training steps a second, in one run, round by round: fit of this library (compiled, and operation by operation) beside
// PyTorch eager and Keras `fit`, each on 2 threads. `node bench/training.mjs [rounds] [seconds]`, after `pip install -r
// bench/requirements.txt`.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { here, machine, median, python } from "./peers.mjs";

const [rounds = 5, seconds = 2] = process.argv.slice(2).map(Number);
const folder = join(here, "training");
/** What is asked of the ratio to each peer. */
const asked = {
  "MLP 64-64-10": { torch: 2, keras: 6 },
  "MLP 784-512-256-10": { torch: 1 },
  "CNN 28x28 conv32-conv64": { torch: 1, keras: 1 },
  "LSTM 32 units 16 steps": { torch: 1 },
  "transformer d32 4 heads T16": { torch: 1 },
  "ResNet-20 32x32": { torch: 0.8 },
  predict: { keras: 2 },
};

/** A program that answers each line with a number. */
class Peer {
  constructor(command, args) {
    this.program = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.program.stdout })[Symbol.asyncIterator]();
  }

  async next() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.program.spawnargs.join(" ")} ended.`);
    return value;
  }

  async ask(name) {
    this.program.stdin.write(`${name}\t${seconds}\n`);
    return Number(await this.next());
  }
}

const peers = {
  etude: new Peer(process.execPath, [join(folder, "own.mjs"), "compiled"]),
  eager: new Peer(process.execPath, [join(folder, "own.mjs"), "eager"]),
  torch: new Peer(python, [join(folder, "peers.py"), "torch"]),
  keras: new Peer(python, [join(folder, "peers.py"), "keras"]),
};
const versions = {};
for (const [name, peer] of Object.entries(peers)) versions[name] = await peer.next();

const results = {};
for (const net of Object.keys(asked)) {
  const rates = Object.fromEntries(Object.keys(peers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of Object.entries(peers)) rates[name].push(await peer.ask(net));
  }
  const perSecond = Object.fromEntries(Object.entries(rates).map(([name, list]) => [name, round4(median(list))]));
  const ratio = Object.fromEntries(
    Object.keys(rates)
      .slice(1)
      .map((name) => [name, round4(median(rates.etude.map((rate, i) => rate / rates[name][i])))]),
  );
  const goals = Object.entries(asked[net]).map(
    ([peer, least]) => `${peer} >= ${least}: ${ratio[peer] >= least ? "yes" : "NO"}`,
  );
  results[net] = { perSecond, ratio, asked: asked[net] };
  console.log(net.padEnd(28), JSON.stringify(perSecond), "ratio", JSON.stringify(ratio), goals.join(", "));
}
const firstStepMs = [];
for (let round = 0; round < rounds; round++) firstStepMs.push(Math.round(await peers.etude.ask("first step")));
console.log("ResNet-20, first step with compiling, ms".padEnd(28), median(firstStepMs), "of", firstStepMs.join(" "));
for (const { program } of Object.values(peers)) program.stdin.end();
mkdirSync(join(here, "results"), { recursive: true });
const file = join(here, "results", "training.json");
writeFileSync(
  file,
  `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), machine, versions, rounds, seconds, results, resnet20FirstStepMs: median(firstStepMs) }, null, 2)}\n`,
);

function round4(number) {
  return Number(number.toPrecision(4));
}
