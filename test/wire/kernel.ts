import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelClient, type RequestOptions } from "../../kernel/channels/client.js";
import { type LaunchedKernel, type LaunchOptions, launchKernel } from "../../kernel/channels/launch.js";
import type { ExecuteReply, ExecuteRequest } from "../../kernel/protocol/execute.js";
import type { Message } from "../../kernel/protocol/message.js";

export const program = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "dist", "kernel", "main.js");

const lastMessagesMs = 5000;

type Content = Record<string, unknown>;

/** What one cell sent, sorted by kind; `types` keeps the order. */
export interface CellRun {
  readonly reply: ExecuteReply;
  readonly types: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** `text/plain` of the result; undefined when the cell has none. */
  readonly result: string | undefined;
  readonly displays: readonly Content[];
  readonly errors: readonly {
    readonly ename: string;
    readonly evalue: string;
    readonly traceback: readonly string[];
  }[];
  readonly outputs: readonly Message<never>[];
}

export interface TestKernelOptions extends Pick<LaunchOptions, "transport" | "curve" | "detached" | "stdio"> {
  readonly files?: Record<string, string>;
  readonly env?: NodeJS.ProcessEnv;
  /** The Node that runs the kernel. @default the one that runs the test */
  readonly node?: string;
}

/** A real kernel in a folder of its own, driven over real sockets. */
export class TestKernel {
  private constructor(
    public client: KernelClient,
    public launched: LaunchedKernel,
    readonly folder: string,
  ) {}

  static async start({
    files = {},
    env: own,
    node = process.execPath,
    ...options
  }: TestKernelOptions = {}): Promise<TestKernel> {
    const folder = mkdtempSync(join(tmpdir(), "etude-test-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { NODE_OPTIONS: _jestsOwn, ...inherited } = process.env;
    const env = { ...inherited, XDG_DATA_HOME: join(folder, ".data"), ...own };
    const launched = await launchKernel({
      argv: [node, program, "{connection_file}"],
      folder,
      env,
      stdio: "ignore",
      ...options,
    });
    return new TestKernel(await connected(launched), launched, folder);
  }

  /** Ends the kernel and starts it again with the same connection file. */
  async restart(): Promise<void> {
    await this.end();
    this.client.close();
    this.launched = this.launched.startAgain();
    this.client = await connected(this.launched);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async run(code: string, request: Partial<ExecuteRequest> = {}, options: RequestOptions = {}): Promise<CellRun> {
    const { reply, outputs } = await this.client.request<ExecuteReply>(
      "execute_request",
      { code, ...request },
      options,
    );
    return { reply: reply.content, ...sorted(outputs) };
  }

  /** Starts a cell and settles when it runs: with `mark`, when it has printed that text. */
  async begin(code: string, mark?: string): Promise<{ readonly done: Promise<CellRun> }> {
    let started: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const done = this.run(
      code,
      {},
      {
        onOutput: ({ header, content }) => {
          if (mark === undefined ? header.msg_type === "execute_input" : textOf(content).includes(mark)) started();
        },
      },
    );
    await Promise.race([running, done]);
    return { done };
  }

  async interrupt(): Promise<void> {
    await this.client.request("interrupt_request", {}, { channel: "control" });
  }

  /** Asks the kernel to end, and settles when it has. */
  async end(): Promise<void> {
    const { process: child } = this.launched;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    void this.client.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => {});
    await ended;
  }

  async stop(): Promise<void> {
    await this.end();
    this.client.close();
    this.launched.cleanUp();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function connected({ connection, process: child }: LaunchedKernel): Promise<KernelClient> {
  const client = new KernelClient(connection);
  // Its last messages may still be on their way to us, on a machine that is busy.
  child.once("exit", (code, signal) =>
    setTimeout(() => client.fail(new Error(`the kernel ended: ${code ?? signal}`)), lastMessagesMs).unref(),
  );
  await client.connect();
  return client;
}

/** Starts a kernel that cannot start, with a connection file of its own. */
export async function failedStart(
  content: object,
  { mode = 0o600, env = {} }: { readonly mode?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number; readonly stderr: string; readonly file: string }> {
  const folder = mkdtempSync(join(tmpdir(), "etude-test-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(content));
  chmodSync(file, mode);
  try {
    return await new Promise((resolve) => {
      execFile(process.execPath, [program, file], { env: { ...process.env, ...env } }, (error, _stdout, stderr) =>
        resolve({ code: (error?.code as number | undefined) ?? 0, stderr, file }),
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf(content: unknown): string {
  return String((content as { text?: string }).text ?? "");
}

function sorted(outputs: readonly Message<never>[]): Omit<CellRun, "reply"> {
  const of = (type: string): Content[] =>
    outputs.filter(({ header }) => header.msg_type === type).map(({ content }) => content as Content);
  const stream = (name: string) =>
    of("stream")
      .filter((content) => content.name === name)
      .map(textOf)
      .join("");
  const result = of("execute_result")[0]?.data as Record<string, string> | undefined;
  return {
    types: outputs.map(({ header }) => header.msg_type),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    result: result?.["text/plain"],
    displays: of("display_data"),
    errors: of("error") as never,
    outputs,
  };
}
