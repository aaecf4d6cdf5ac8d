import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { join } from "node:path";
import { receiveComm, setCommTransport } from "../../src/output/comm.js";
import { setOutputTarget } from "../../src/output/display.js";
import { setInputSource } from "../../src/output/input.js";
import { ModuleLoader } from "../cells/modules.js";
import { locate } from "../cells/positions.js";
import { messageBundle, plainData } from "../display/bundle-for.js";
import { notebookPath } from "../notebook-path.js";
import { type Frame, FrameReader } from "../pipe/frame.js";
import type { CommEvent, ToUser } from "../pipe/messages.js";
import { captureConsole } from "./captured-console.js";
import { Helpers } from "./helpers.js";
import { Inbox } from "./inbox.js";
import { interrupts } from "./interrupts.js";
import { report } from "./output-pipe.js";
import { endGroup } from "./process-group.js";
import { Questions } from "./questions.js";
import { completeAtRuntime, inspectAtRuntime } from "./runtime-names.js";
import { Session } from "./session.js";
import { showUserPositions } from "./stack-traces.js";

// The user process: `node --no-force-async-hooks-checks dist/kernel/runner/main.js`, its pipes made by the
// supervisor: 3 reports, 4 requests, 5 stops.
const requestFd = 4;
const helpersAfterMs = 300;

const folder = process.cwd();
const helpers = new Helpers();
const questions = new Questions();
const session = new Session({
  helpers,
  modules: new ModuleLoader(folder),
  folder,
  notebook: notebookPath(process.env),
});

captureConsole(() => session.currentCell);
showUserPositions(locate);
setOutputTarget({
  show: (bundle, { displayId, update }) =>
    report({
      type: "display",
      cell: session.currentCell,
      ...(displayId === undefined ? {} : { displayId }),
      update,
      data: messageBundle(bundle),
      metadata: {},
    }),
  clear: ({ wait }) => report({ type: "clear", cell: session.currentCell, wait }),
  waitFor: (pending) => session.waitFor(pending),
  newId: randomUUID,
  currentCell: () => session.currentPlace,
});
setCommTransport({
  newId: randomUUID,
  send: ({ data, metadata, ...event }, buffers) => {
    const content = { data: plainData(data), metadata: plainData(metadata) } as Pick<CommEvent, "data" | "metadata">;
    report({ type: "comm", cell: session.currentCell, ...event, ...content }, buffers);
  },
});
setInputSource((prompt, { password }) => questions.ask(session.currentCell, prompt, password));

process.on("uncaughtException", (error) => session.late(error));
process.on("unhandledRejection", (error) => session.late(error));
// Jupyter may signal the whole process group; the supervisor turns that into a stop.
process.on("SIGINT", () => {});
process.argv.splice(1);
Object.assign(globalThis, { require: createRequire(join(folder, "notebook.ts")), __dirname: folder });

let idle = setTimeout(() => void helpers.load(), helpersAfterMs);

/** Under the guard, so code of the user runs later: a getter that completion reads may be a loop. */
function receive({ body, buffers }: Frame<ToUser>): void {
  clearTimeout(idle);
  switch (body.type) {
    case "execute":
      void session.execute(body);
      break;
    case "comm":
      void session.runIn(body.cell, () => receiveComm(body, buffers));
      break;
    case "complete":
      queueMicrotask(() => {
        const completion = completeAtRuntime(body.code, body.cursor, session.names);
        report({ type: "completion", id: body.id, completion });
      });
      break;
    case "inspect":
      queueMicrotask(() => {
        report({ type: "inspection", id: body.id, text: inspectAtRuntime(body.code, body.cursor) });
      });
      break;
    case "input":
      questions.answer(body.id, body.value);
      break;
    case "input-refused":
      questions.refuse(body.id, body.reason);
      break;
  }
  idle = setTimeout(() => void helpers.load(), helpersAfterMs);
}

const inbox = new Inbox(
  () => interrupts.isPending,
  (begin) => interrupts.protect(begin),
);
const frames = new FrameReader<ToUser>((frame) => {
  inbox.push(() => receive(frame));
  interrupts.frameReceived();
});
const requests = new Socket({ fd: requestFd, readable: true, writable: false });
requests.on("data", (chunk) => interrupts.protect(() => frames.push(chunk)));
requests.on("close", endGroup);
interrupts.start(
  (stops, cooperative) => {
    questions.drop();
    session.stopped(cooperative);
    report({ type: "stopped", stops });
  },
  () => inbox.resume(),
);
report({ type: "ready" });
