import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { backendText } from "../src/engine/backend-choice.js";
import { Channels } from "./channels/channels.js";
import { type ConnectionInfo, isRegistration, type Registration } from "./channels/connection.js";
import { DropLog } from "./channels/drop-log.js";
import { register } from "./channels/register.js";
import { Execution } from "./execution/execution.js";
import { History } from "./execution/history.js";
import { Usage } from "./execution/usage.js";
import { RequestServer } from "./handlers/request-server.js";
import { TypeCheck } from "./handlers/type-check.js";
import type { Language } from "./language/language.js";
import { notebookPath } from "./notebook-path.js";
import { notebookSettings } from "./notebook-settings.js";
import type { InputReply } from "./protocol/input.js";
import type { KernelInfoReply } from "./protocol/kernel-info.js";
import { HeaderMaker, type Message, protocolVersion } from "./protocol/message.js";
import { Wire } from "./protocol/wire.js";

const here = dirname(fileURLToPath(import.meta.url));
const packageFolder = dirname(dirname(here));
const libraryTypes = join(packageFolder, "dist", "src", "index.d.ts");
const languageAfterMs = 250;
/** What has not ended by itself after this is ended: nothing outlives a kernel, and Jupyter waits 2.5 s. */
const endAfterMs = 1500;

/** Starts the kernel's parts and connects them; it never runs user code or the type checker itself. */
export async function startKernel(start: ConnectionInfo | Registration): Promise<void> {
  const folder = process.cwd();
  const log = (reason: string) => process.stderr.write(`etude: ${reason}\n`);
  const drops = new DropLog(log);
  const wire = new Wire(start.key, start.signature_scheme, new HeaderMaker());
  const channels = new Channels(start, wire, {
    onMessage: (channel, message) => (channel === "stdin" ? receiveInput(message) : server.receive(channel, message)),
    onSubscribe: announceOnce(() => channels.publish({ type: "status", content: { execution_state: "starting" } })),
    onDropped: (reason) => drops.add(reason),
  });
  const publish = channels.publish.bind(channels);
  const history = new History(join(dataFolder(), "history.jsonl"), log);
  const execution = new Execution({
    program: join(here, "runner", "main.js"),
    folder,
    publish,
    ask: (request, message) => channels.send("stdin", request.identities, message),
    history,
    libraryTypes,
    log,
  });
  // What starts a kernel asks for its info at once; that answer comes before TypeScript is loaded.
  const language = delay(languageAfterMs).then(() => loadLanguage(folder));
  let loaded: Language | undefined;
  void language.then((types) => {
    loaded = types;
  });
  const typeCheck = new TypeCheck(language, log, () => ({
    notebook: notebookSettings(notebookPath(process.env), log).check,
    environment: process.env.ETUDE_CHECK,
  }));
  const usage = new Usage(() => [process.pid, execution.pid, loaded?.pid]);
  const context = { info: kernelInfo(), execution, language, typeCheck, history, usage, shutDown };
  const server = new RequestServer({ context, send: channels.send.bind(channels), publish, log });

  function receiveInput(message: Message): void {
    if (message.header.msg_type === "input_reply") execution.answerInput(message as Message<InputReply>);
  }

  let ending = false;
  function shutDown(): void {
    if (ending) return;
    ending = true;
    setTimeout(() => {
      log(`something needed more than ${endAfterMs} ms to end`);
      process.exit(0);
    }, endAfterMs).unref();
    setImmediate(async () => {
      const disposed = execution.dispose();
      await Promise.all([disposed, loaded?.dispose(), history.saved(), channels.close()]);
      process.exit(0);
    });
  }

  process.on("SIGINT", () => execution.interrupt());
  process.on("SIGTERM", shutDown);
  process.on("SIGHUP", shutDown);
  watchParent(shutDown);
  const opened = channels.open();
  execution.start();
  const ports = await opened;
  if (isRegistration(start)) await register(start, ports, wire);
}

async function loadLanguage(folder: string): Promise<Language> {
  const { Language } = await import("./language/language.js");
  const language = new Language({ folder, libraryTypes });
  language.start();
  return language;
}

function kernelInfo(): KernelInfoReply {
  const { version, dependencies } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "etude",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: dependencies.typescript,
      mimetype: "application/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `Etude ${version}: TypeScript ${dependencies.typescript} on Node ${process.versions.node}, ${backendText()}`,
    debugger: false,
    supported_features: [],
    help_links: [],
  };
}

function dataFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "etude");
}

function announceOnce(announce: () => void): () => void {
  let announced = false;
  return () => {
    if (!announced) announce();
    announced = true;
  };
}

/** Ends the kernel when the process that started it is gone, however that one died. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const named = Number(process.env.JPY_PARENT_PID) || parent;
  const timer = setInterval(() => {
    if (process.ppid !== parent || !exists(named)) onGone();
  }, 500);
  timer.unref();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
