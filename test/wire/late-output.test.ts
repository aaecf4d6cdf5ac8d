import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Message } from "../../kernel/protocol/message.js";
import { TestKernel } from "./kernel.js";
import { nodes } from "./nodes.js";

/** Before Node 24 only what comes after an `await` in the text of a cell is known to be of that cell. */
const goesHome = (version: string, way = "") => way === "an async function" || Number(version.split(".")[0]) >= 24;

/** Each waits for `go`, which the next cell gives, and then says `mark`. */
const ways: [string, string][] = [
  ["a timer", 'setTimeout(() => go.then(() => console.log("mark")), 1)'],
  ["an interval", 'const n = setInterval(() => { if (went) { clearInterval(n); console.log("mark"); } }, 5)'],
  ["a promise", 'void go.then(() => console.log("mark"))'],
  ["an async function", 'void (async () => { await go; console.log("mark"); })()'],
  ["nextTick and setImmediate", 'setImmediate(() => process.nextTick(() => go.then(() => console.log("mark"))))'],
  [
    "an event emitter",
    'import { EventEmitter, once } from "node:events"; const e = new EventEmitter(); void once(e, "x").then(() => console.log("mark")); void go.then(() => e.emit("x"))',
  ],
  [
    "the output of a program",
    'import { spawn } from "node:child_process"; const c = spawn("cat"); c.stdout.on("data", (text) => process.stdout.write(text)); void go.then(() => c.stdin.end("mark\\n"))',
  ],
  [
    "a message of a worker",
    'import { Worker } from "node:worker_threads"; const w = new Worker("require(\'worker_threads\').parentPort.once(\'message\', (m) => require(\'worker_threads\').parentPort.postMessage(m))", { eval: true }); w.on("message", (text) => console.log(text)); void go.then(() => w.postMessage("mark"))',
  ],
  [
    "the console of a worker",
    'import { Worker } from "node:worker_threads"; const w = new Worker("require(\'worker_threads\').parentPort.once(\'message\', (m) => console.log(m))", { eval: true }); void go.then(() => w.postMessage("mark"))',
  ],
  ["a display", 'void go.then(() => display(text("mark")))'],
  ["an update", 'const place = display(text("before")); void go.then(() => place.update(text("mark")))'],
  ["an error in a timer", 'setTimeout(() => { void go.then(() => setTimeout(() => { throw new Error("mark") })) })'],
  ["a rejection that nobody handles", 'void go.then(() => Promise.reject(new Error("mark")))'],
];

describe.each(nodes)("on Node %s, what a cell says after its end", (version, node) => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await TestKernel.start({ node });
  });
  afterAll(() => kernel.stop());

  /** Settles with the message id of the request under which a message that holds `mark` comes. */
  function parentOfMark(): Promise<string> {
    return new Promise((resolve) => {
      kernel.client.onIopub = ({ header, parent, content }: Message<never>) => {
        const isOutput = !["status", "execute_input"].includes(header.msg_type);
        if (isOutput && JSON.stringify(content).includes("mark")) resolve(parent.msg_id!);
      };
    });
  }
  const idOf = ({ outputs }: { outputs: readonly Message[] }) => outputs[0]!.parent.msg_id;

  it.each(
    ways.map(([way, code]) => ({ way, code, where: goesHome(version, way) ? "that cell" : "the cell that runs" })),
  )("by $way appears under $where", async ({ way, code }) => {
    await kernel.run(
      "let went = false; let give: () => void; const go = new Promise<void>((r) => { give = () => { went = true; r(); } });",
    );
    const marked = parentOfMark();
    const first = await kernel.run(`${code}; 0`);
    const { done } = await kernel.begin(
      'give(); console.log("given"); await new Promise((end) => { globalThis.end = end })',
      "given",
    );
    const parent = await marked;
    await kernel.client.request("complete_request", { code: "x", cursor_pos: 1 });
    await kernel.interrupt();
    const second = await done;
    expect(parent).toBe(idOf(goesHome(version, way) ? first : second));
    expect((await kernel.run("1")).reply.status).toBe("ok");
  });

  it("appears under the newest run of that cell when it ran again", async () => {
    const cellId = "the-cell";
    await kernel.run("let n = 0; var give: (() => void)[] = []; 0");
    const twice = 'const run = ++n; void new Promise<void>((r) => give.push(r)).then(() => console.log("mark", run));';
    const request = () => kernel.client.request("execute_request", { code: twice }, { metadata: { cellId } });
    await request();
    const { outputs } = await request();
    const marked = parentOfMark();
    await kernel.run(goesHome(version) ? "give[0]!()" : "0");
    if (!goesHome(version)) return;
    expect(await marked).toBe(idOf({ outputs }));
  });
});
