// 100,000 hostile messages (MESSAGES=N for fewer, SEED=N for others) and two of 50 MB: the kernel must live, run none of
// the forged ones and stay of a size.
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { endpoint } from "../../dist/kernel/channels/connection.js";
import { HeaderMaker } from "../../dist/kernel/protocol/message.js";
import { Wire } from "../../dist/kernel/protocol/wire.js";
import { hostileMessages } from "./hostile-messages.mjs";
import { cleanUp, conclude, evaluate, openFiles, residentMb, rounded, shutDown, startKernel } from "./kernel.mjs";

const { Dealer } = createRequire(import.meta.url)("zeromq");
const delimiter = Buffer.from("<IDS|MSG>");
const messages = Number(process.env.MESSAGES ?? 100_000);
const seed = Number(process.env.SEED ?? 1);

const kernel = await startKernel();
const { client, ended } = kernel;
const { connection } = kernel.launched;
const { pid } = kernel.launched.process;
const wire = new Wire(connection.key, connection.signature_scheme, new HeaderMaker());

const waiting = new Map();
const peers = Object.fromEntries(
  ["shell", "control", "stdin"].map((channel) => {
    const peer = new Dealer({ routingId: randomUUID(), linger: 0, sendHighWaterMark: 0 });
    peer.connect(endpoint(connection, channel));
    void drain(peer);
    return [channel, peer];
  }),
);

async function drain(peer) {
  // The signature is not looked at: what matters is that an answer came, behind whatever identities.
  for await (const frames of peer) {
    const parent = frames[frames.findIndex((frame) => frame.equals(delimiter)) + 3];
    waiting.get(JSON.parse(String(parent)).msg_id)?.();
  }
}

/** A kernel that ends, or says nothing for half a minute, has failed. */
async function inTime(work) {
  const ender = new AbortController();
  const late = delay(30_000, undefined, ender).then(() => Promise.reject(new Error("no answer within 30 s")));
  const gone = ended.then((how) => Promise.reject(new Error(`the kernel ended: ${how}`)));
  for (const failure of [late, gone]) failure.catch(() => {}); // the one that loses the race
  try {
    return await Promise.race([work, late, gone]);
  } finally {
    ender.abort();
  }
}

/** A right request behind what was sent: its answer says that the kernel has seen the rest. */
async function seen(channel) {
  const frames = wire.encode([], { type: "kernel_info_request", content: {} });
  const id = JSON.parse(String(frames[2])).msg_id;
  const answer = new Promise((resolve) => waiting.set(id, resolve));
  await peers[channel].send(frames);
  await inTime(answer);
  waiting.delete(id);
}

const ask = (code) => inTime(evaluate(client, code));
const kinds = {};
const figures = { seed, sent: 0, failure: "none", slowestHundredMs: 0, kinds };
const found = {};
const before = { memoryMb: residentMb(pid), files: openFiles(pid) };
const begun = performance.now();
let newest;
try {
  found.processBefore = await ask("process.pid");
  for (const { kind, channel, frames } of hostileMessages(connection.key, seed)) {
    newest = kind;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    await peers[channel].send(frames);
    if (++figures.sent % 100 === 0) {
      const asked = performance.now();
      await Promise.all([seen("shell"), seen("control")]);
      figures.slowestHundredMs = Math.max(figures.slowestHundredMs, rounded(performance.now() - asked));
    }
    if (figures.sent % 10_000 === 0) console.error(`${figures.sent} sent, ${residentMb(pid)} MB`);
    if (figures.sent >= messages) break;
  }
  newest = "50 MB";
  await inTime(client.request("comm_info_request", { target_name: "x".repeat(50e6) }));
  await inTime(client.request("is_complete_request", { code: "x".repeat(50e6) }));
  newest = "1+1";
  found.answer = await ask("1+1");
  found.forged = await ask("typeof globalThis.forged");
  found.names = await ask("Object.getOwnPropertyNames(Object.prototype).length");
  found.process = await ask("process.pid");
} catch (error) {
  figures.failure = `${error.message} (at ${newest})`;
}
const seconds = rounded((performance.now() - begun) / 1000);
const after = { memoryMb: residentMb(pid), files: openFiles(pid) };
const lives = figures.failure === "none";
if (lives) await shutDown(kernel);
else kernel.launched.process.kill("SIGKILL");
cleanUp(kernel);

conclude(
  "hostile",
  { ...figures, seconds, before, after },
  {
    "the kernel lives": lives,
    "the user process is the same": found.process === found.processBefore,
    "1+1 is 2": found.answer === "2",
    "no forged message ran": found.forged === "'undefined'",
    "Object.prototype is unchanged": found.names === String(Object.getOwnPropertyNames(Object.prototype).length),
    "no file stays open": after.files === undefined || after.files <= before.files + 10,
  },
);
