import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { CompletionItem, InitializeParams, InitializeResult } from "vscode-languageserver-protocol";
import { capabilities, importSettings, settings } from "./client.js";
import { executablePath } from "./executable.js";

export type ServerState = "starting" | "ready" | "restarting" | "absent";

/** How long to wait before each new start; a server that ends once more after the last one is given up. */
const backOffMs = [0, 250, 1_000, 4_000, 15_000];
/** A server that lived this long has recovered: the next crash counts as the first. */
const recoveredAfterMs = 60_000;

/** A server that thinks longer about one question than the slowest machine takes to load a program is stuck. */
const patienceMs = 30_000;

/** The TypeScript 7 process, its in-memory documents, and its new start with the same documents after a crash. */
export class TypeScriptServer {
  readonly #documents = new Map<string, { text: string; version: number }>();
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #connection: MessageConnection | undefined;
  #state: ServerState = "starting";
  #reason: string | undefined;
  #tokenTypes: readonly string[] = [];
  #crashes = 0;
  #settled = settlement();

  /**
   * @param folder - Where the process runs.
   * @param onCrash - Called before the documents are opened again, to take away what may have caused the crash.
   * @param warmUp - Asks the first question, which loads the whole program; the server is ready when it is answered.
   */
  constructor(
    readonly folder: string,
    readonly onCrash: () => void,
    readonly warmUp: () => Promise<void>,
  ) {}

  get state(): ServerState {
    return this.#state;
  }

  /** Of the process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Why there is no server, when there is none. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** What the numbers in an answer about semantic tokens mean. */
  get tokenTypes(): readonly string[] {
    return this.#tokenTypes;
  }

  /** Starts the process; failures end in the state `"absent"`, never in an exception. */
  start(): void {
    let child: ChildProcessByStdio<Writable, Readable, null>;
    try {
      child = spawn(executablePath(), ["--lsp", "--stdio"], {
        cwd: this.folder,
        stdio: ["pipe", "pipe", "ignore"],
        detached: process.platform !== "win32", // Ctrl-C in a terminal is not meant for it; it ends with its pipe
        env: { ...process.env, GOGC: "50" }, // a fifth less memory for a tenth more work
      });
    } catch (error) {
      this.#giveUp(cannotStart(error as Error));
      return;
    }
    this.#child = child;
    const startedAt = performance.now();
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    child.once("error", (error) => this.#child === child && this.#giveUp(cannotStart(error)));
    child.once("exit", (code, signal) => {
      connection.dispose();
      const cause = signal ? `signal ${signal}` : `exit code ${code}`;
      if (this.#child === child) this.#restart(cause, performance.now() - startedAt);
    });
    connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) => items.map(() => settings));
    connection.onRequest(() => null);
    connection.onError(() => {}); // a write to a process that is gone; "exit" deals with it
    connection.listen();
    this.#initialize(connection);
  }

  /** Waits until the server is ready (true) or given up (false). */
  async available(): Promise<boolean> {
    while (this.#state === "starting" || this.#state === "restarting") await this.#settled.promise;
    return this.#state === "ready";
  }

  /** Gives the server the newest text of a file that need not exist on disk. */
  setDocument(path: string, content: string): void {
    // The server cannot read half a surrogate pair, and would keep the text that it had.
    const text = content.replace(/\p{Surrogate}/gu, "\ufffd");
    const document = this.#documents.get(path);
    if (document === undefined) {
      this.#documents.set(path, { text, version: 1 });
      this.#open(path);
    } else if (document.text !== text) {
      document.text = text;
      document.version += 1;
      this.#notify("textDocument/didChange", {
        textDocument: { uri: uriOf(path), version: document.version },
        contentChanges: [{ text }],
      });
    }
  }

  /** Tells the server which files on disk are new or other than before. */
  filesChanged(changes: readonly { path: string; created: boolean }[]): void {
    this.#notify("workspace/didChangeWatchedFiles", {
      changes: changes.map(({ path, created }) => ({ uri: uriOf(path), type: created ? 1 : 2 })),
    });
  }

  /** Asks about a document; undefined when the server has no answer, ends meanwhile, or is not there. */
  ask<Answer>(method: string, path: string, params: object = {}): Promise<Answer | undefined> {
    return this.#request(method, { textDocument: { uri: uriOf(path) }, ...params });
  }

  /** A completion item with what the list left out. */
  resolve(item: CompletionItem): Promise<CompletionItem | undefined> {
    return this.#request("completionItem/resolve", item);
  }

  /**
   * Asks about a document with names in view that would have to be imported. Settings and questions arrive in order, so
   * the next question does without them again.
   */
  askForImports<Answer>(method: string, path: string, params: object): Promise<Answer | undefined> {
    this.#notify("workspace/didChangeConfiguration", { settings: { typescript: importSettings } });
    const answer = this.ask<Answer>(method, path, params);
    this.#notify("workspace/didChangeConfiguration", { settings: { typescript: settings } });
    return answer;
  }

  async dispose(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#giveUp("The kernel is shutting down.");
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL"); // nothing to save: every document is a copy
    await exited;
  }

  async #initialize(connection: MessageConnection): Promise<void> {
    const uri = uriOf(this.folder);
    const params: InitializeParams = {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "notebook" }],
      capabilities,
    };
    try {
      const result = await connection.sendRequest<InitializeResult>("initialize", params);
      this.#tokenTypes = result.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
    } catch {
      return; // it ended before it began; "exit" starts the next one
    }
    this.#connection = connection;
    this.#notify("initialized", {});
    // The configuration first, then the newest first: once the hub is open, every module that it names and that
    // opens after it makes TypeScript resolve all of them again.
    const paths = [...this.#documents.keys()].reverse();
    for (const path of paths.filter((path) => path.endsWith(".json"))) this.#open(path);
    for (const path of paths.filter((path) => !path.endsWith(".json"))) this.#open(path);
    await this.warmUp();
    if (this.#connection !== connection) return;
    this.#state = "ready";
    this.#settled.resolve();
  }

  #restart(cause: string, livedMs: number): void {
    this.#child = undefined;
    this.#connection = undefined;
    this.#crashes = livedMs > recoveredAfterMs ? 1 : this.#crashes + 1;
    const delay = backOffMs[this.#crashes - 1];
    if (delay === undefined) {
      this.#giveUp(
        `There are no types: TypeScript ended ${this.#crashes} times, last with ${cause}. Restart the kernel.`,
      );
      return;
    }
    this.onCrash();
    if (this.#state === "ready") this.#settled = settlement();
    this.#state = "restarting";
    setTimeout(() => this.#state === "restarting" && this.start(), delay).unref();
  }

  #giveUp(reason: string): void {
    this.#state = "absent";
    this.#reason = reason;
    this.#connection = undefined;
    this.#settled.resolve();
  }

  #open(path: string): void {
    const { text, version } = this.#documents.get(path)!;
    const languageId = path.endsWith(".json") ? "json" : path.endsWith("x") ? "typescriptreact" : "typescript";
    this.#notify("textDocument/didOpen", { textDocument: { uri: uriOf(path), languageId, version, text } });
  }

  async #request<Answer>(method: string, params: object): Promise<Answer | undefined> {
    const child = this.#child;
    const hung = setTimeout(() => child?.kill("SIGKILL"), patienceMs).unref();
    try {
      return (await this.#connection?.sendRequest<Answer | null>(method, params)) ?? undefined;
    } catch {
      return undefined; // the process ended, or the checker failed on this text: there is no typed answer
    } finally {
      clearTimeout(hung);
    }
  }

  #notify(method: string, params: object): void {
    this.#connection?.sendNotification(method, params).catch(() => {}); // a dead process is handled by "exit"
  }
}

function cannotStart({ message }: Error): string {
  return `There are no types: TypeScript cannot start (${message}). Reinstall etude-ml, then restart the kernel.`;
}

function settlement(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
