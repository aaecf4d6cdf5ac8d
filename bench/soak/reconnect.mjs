// 1,000 clients (ROUNDS=N for fewer) that come, run a cell and go, every tenth under an identity that is still there:
// each must be welcomed and served, and the kernel must not grow.
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { endpoint } from "../../dist/kernel/channels/connection.js";
import { HeaderMaker } from "../../dist/kernel/protocol/message.js";
import { Wire } from "../../dist/kernel/protocol/wire.js";
import {
  cleanUp,
  conclude,
  connect,
  evaluate,
  openFiles,
  quantile,
  residentMb,
  rounded,
  shutDown,
  startKernel,
} from "./kernel.mjs";

const { Dealer } = createRequire(import.meta.url)("zeromq");
const rounds = Number(process.env.ROUNDS ?? 1000);

const kernel = await startKernel();
const { launched, ended } = kernel;
const { connection } = launched;
const { pid } = launched.process;
const wire = new Wire(connection.key, connection.signature_scheme, new HeaderMaker());

async function visit() {
  const begun = performance.now();
  const client = await connect(launched, ended);
  const welcomeMs = performance.now() - begun;
  const served = (await evaluate(client, "1+1")) === "2";
  await client.beat();
  client.close();
  return { welcomeMs, served };
}

/** Whether the second of two peers with one identity gets the answer to its request. */
async function takeOver() {
  const routingId = randomUUID();
  const peers = [1, 2].map(() => new Dealer({ routingId, linger: 0, receiveTimeout: 10_000 }));
  let served = true;
  for (const peer of peers) {
    peer.connect(endpoint(connection, "shell"));
    const frames = wire.encode([], { type: "kernel_info_request", content: {} });
    await peer.send(frames);
    const parent = await peer.receive().then(
      (answer) => JSON.parse(String(answer[3])),
      () => ({}),
    );
    served &&= parent.msg_id === JSON.parse(String(frames[2])).msg_id;
  }
  for (const peer of peers) peer.close();
  return served;
}

for (let i = 0; i < 20; i++) await visit();
const before = { memoryMb: residentMb(pid), files: openFiles(pid) };
const welcomes = [];
let unserved = 0;
let lostIdentities = 0;
for (let i = 0; i < rounds; i++) {
  const { welcomeMs, served } = await visit();
  welcomes.push(welcomeMs);
  if (!served) unserved++;
  if (i % 10 === 0 && !(await takeOver())) lostIdentities++;
}
const after = { memoryMb: residentMb(pid), files: openFiles(pid) };
const other = await connect(launched, ended);
const both = (await Promise.all([evaluate(kernel.client, "1+2"), evaluate(other, "1+3")])).join() === "3,4";
other.close();
await shutDown(kernel);
cleanUp(kernel);

const welcomeMs = {
  p50: rounded(quantile(welcomes, 0.5)),
  p99: rounded(quantile(welcomes, 0.99)),
  max: rounded(Math.max(...welcomes)),
};
conclude(
  "reconnect",
  { rounds, welcomeMs, unserved, lostIdentities, before, after },
  {
    "every client is served": unserved === 0,
    "the newest peer of an identity is answered": lostIdentities === 0,
    "two clients at once are served": both,
    "a welcome takes 200 ms at most (p99)": welcomeMs.p99 <= 200,
    "no file stays open": before.files === undefined || after.files <= before.files + 10,
  },
);
