// Stop, as often as one likes: node bench/soak/stop.mjs [times] (build first). Every kind of busy cell, by message and by
// signal, on this Node and on those of ETUDE_TEST_NODES; after each stop the variables must still be there.
import { readFileSync } from "node:fs";
import { cleanUp, conclude, median, quantile, rounded, shutDown, startKernel } from "./kernel.mjs";

const times = Number(process.argv[2] ?? 100);
const patienceMs = 10_000;
const cells = JSON.parse(readFileSync(new URL("../../test/wire/busy-cells.json", import.meta.url), "utf8"));
const fit = {
  name: "fit",
  code: 'run = await fit(model, { train: { x, y }, loss: "crossEntropy", epochs: 1e6, callbacks: [{ onEpochEnd: () => console.log("begun") }] })',
  check: "run.status === 'interrupted' && (await predict(run.model, x)).nRows === 64",
};
/** Ends by itself about when the stop comes: either is right, and the next cell runs. */
const race = {
  name: "a cell that ends by itself",
  code: 'console.log("begun"); { const end = performance.now() + Math.random() * 8; while (performance.now() < end); }',
};
const nodes = { [process.versions.node]: process.execPath, ...JSON.parse(process.env.ETUDE_TEST_NODES ?? "{}") };

function run({ client }, code, options) {
  return client.request("execute_request", { code }, options);
}

async function stopOnce(kernel, how, { code, check = "kept.value === 42" }) {
  let begun;
  const started = new Promise((resolve) => {
    begun = resolve;
  });
  const onOutput = ({ content }) => content.text?.includes("begun") && begun();
  const done = run(kernel, code, { onOutput });
  await started;
  const before = performance.now();
  if (how === "message") void kernel.client.request("interrupt_request", {}, { channel: "control" });
  else kernel.launched.process.kill("SIGINT");
  const { reply } = await done;
  const ms = performance.now() - before;
  // A signal that came after the end of the cell has been seen when this is answered, so it does not hit the next one.
  await kernel.client.request("kernel_info_request", {}, { channel: "control" });
  const { outputs } = await run(kernel, check);
  const kept = outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"];
  return { ms, good: kept === "true" && reply.content.ename !== "ProcessEnded" };
}

async function fresh(node) {
  const kernel = await startKernel({ node });
  await run(
    kernel,
    "let caught = false, run; const kept = { value: 42 }; const x = Array.from({ length: 64 }, (_, i) => [i / 64, 1 - i / 64]); const y = x.map(([a]) => (a > 0.5 ? 1 : 0)); const model = mlp({ inputs: 2, outputs: 2 });",
  );
  return kernel;
}

const rows = [];
for (const [version, node] of Object.entries(nodes)) {
  for (const how of ["message", "SIGINT"]) {
    let kernel = await fresh(node);
    for (const cell of [...cells, fit, race]) {
      const taken = [];
      let kept = 0;
      for (let round = 0; round < times; round++) {
        const limit = new Promise((resolve) => setTimeout(resolve, patienceMs, { good: false, hung: true }).unref());
        const { ms, good, hung } = await Promise.race([stopOnce(kernel, how, cell), limit]);
        if (good) kept++;
        if (hung) {
          kernel.launched.process.kill("SIGKILL");
          kernel.client.close();
          cleanUp(kernel);
          kernel = await fresh(node);
        } else taken.push(ms);
      }
      rows.push({
        node: version,
        how,
        cell: cell.name,
        times,
        kept,
        p50Ms: rounded(median(taken)),
        maxMs: rounded(quantile(taken, 1)),
      });
      console.log(JSON.stringify(rows.at(-1)));
    }
    await shutDown(kernel);
    cleanUp(kernel);
  }
}
const stops = rows.length * times;
const lost = stops - rows.reduce((sum, { kept }) => sum + kept, 0);
conclude("stop", { times, stops, lost, rows }, { "every stop ends its cell and keeps the state": lost === 0 });
