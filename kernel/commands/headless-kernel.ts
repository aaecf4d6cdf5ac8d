import { once } from "node:events";
import { join } from "node:path";
import { EtudeError } from "../../src/core/errors.js";
import { packageRoot } from "../../src/core/package-root.js";
import { KernelClient } from "../channels/client.js";
import { type LaunchedKernel, launchKernel } from "../channels/launch.js";
import { type ExecuteReply, execute } from "../protocol/execute.js";
import { type KernelInfoReply, kernelInfo } from "../protocol/kernel-info.js";
import { shutdown } from "../protocol/lifecycle.js";
import { CellOutputs, type ShownPlaces } from "./cell-outputs.js";

/** A kernel of ours without a front end. What a cell shows goes to that cell, also when it comes late. */
export class HeadlessKernel {
  private readonly places: ShownPlaces = new Map();
  private readonly cells = new Map<string, CellOutputs>();

  private constructor(
    private readonly launched: LaunchedKernel,
    private readonly client: KernelClient,
    private readonly gone: Promise<never>,
  ) {
    client.onIopub = (message) => this.cells.get(message.parent.msg_id ?? "")?.receive(message);
  }

  /** Starts a kernel that runs in `folder`, for a notebook if there is one, and ends with this process. */
  static async start(folder: string, notebook?: string): Promise<HeadlessKernel> {
    const launched = await launchKernel({
      argv: [process.execPath, join(packageRoot, "dist", "kernel", "main.js"), "{connection_file}"],
      folder,
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), JPY_SESSION_NAME: notebook },
    });
    const gone = once(launched.process, "exit").then(([code, signal]) => {
      throw new EtudeError(`the kernel ended unexpectedly (${signal ?? `exit code ${code}`}). Run etude doctor.`);
    });
    gone.catch(() => {}); // reported where it is awaited; a kernel that we shut down is gone as well
    const client = new KernelClient(launched.connection);
    const kernel = new HeadlessKernel(launched, client, gone);
    await Promise.race([client.connect(), gone]);
    return kernel;
  }

  async info(): Promise<KernelInfoReply> {
    return (await this.ask<KernelInfoReply>(kernelInfo.request, {})).reply.content;
  }

  /** Runs one cell; `outputs` fills while it runs, and later on with what comes late. */
  run(code: string): { readonly outputs: CellOutputs; readonly reply: Promise<ExecuteReply> } {
    const outputs = new CellOutputs(this.places);
    const register = {
      onOutput: ({ parent }: { parent: { msg_id?: string } }) => this.cells.set(parent.msg_id!, outputs),
    };
    const answer = this.ask<ExecuteReply>(execute.request, { code, store_history: true, allow_stdin: false }, register);
    return { outputs, reply: answer.then(({ reply }) => reply.content) };
  }

  /** Ends the kernel: asked to, or killed when it does not answer within 3 s. */
  async stop(): Promise<void> {
    const { process: kernel } = this.launched;
    const timer = setTimeout(() => kernel.kill("SIGKILL"), 3000);
    const ended = kernel.exitCode === null && kernel.signalCode === null ? once(kernel, "exit") : undefined;
    this.ask(shutdown.request, { restart: false }, { channel: "control" }).catch(() => {}); // it may go without a word
    await ended;
    clearTimeout(timer);
    this.client.close();
    this.launched.cleanUp();
  }

  private ask<Reply>(...request: Parameters<KernelClient["request"]>) {
    return Promise.race([this.client.request<Reply>(...request), this.gone]);
  }
}
