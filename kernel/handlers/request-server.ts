import { type CommContent, commEvent } from "../protocol/comm.js";
import type { ErrorReply, Message, Outgoing } from "../protocol/message.js";
import { handleCommInfo } from "./comm-info.js";
import { handleComplete } from "./complete.js";
import { handleExecute } from "./execute.js";
import type { Handler, HandlerContext } from "./handle.js";
import { handleHistory } from "./history.js";
import { handleInspect } from "./inspect.js";
import { handleInterrupt } from "./interrupt.js";
import { handleIsComplete } from "./is-complete.js";
import { handleKernelInfo } from "./kernel-info.js";
import { handleShutdown } from "./shutdown.js";
import { handleUsage } from "./usage.js";

type Channel = "shell" | "control";

const handlers = new Map<string, Handler>(
  [
    handleCommInfo,
    handleComplete,
    handleExecute,
    handleHistory,
    handleInspect,
    handleInterrupt,
    handleIsComplete,
    handleKernelInfo,
    handleShutdown,
    handleUsage,
  ].map((handler) => [handler.request, handler]),
);

export interface RequestServerOptions {
  readonly context: HandlerContext;
  readonly send: (channel: Channel, to: readonly Buffer[], message: Outgoing) => void;
  readonly publish: (message: Outgoing) => void;
}

/**
 * Serves requests, and alone says busy, sends the reply and says idle. Cells run one after the other, control requests
 * too; every other message is served at once, while a cell runs as well.
 */
export class RequestServer {
  private control: Promise<void> = Promise.resolve();

  constructor(private readonly options: RequestServerOptions) {}

  receive(channel: Channel, message: Message): void {
    if (message.header.msg_type === handleExecute.request) {
      this.options.context.execution.queue.push(message.header, (aborted) => this.serve(channel, message, aborted));
    } else if (channel === "control" && !commEvent(message.header.msg_type)) {
      this.control = this.control.then(() => this.serve(channel, message));
    } else {
      void this.serve(channel, message);
    }
  }

  private async serve(channel: Channel, message: Message, aborted = false): Promise<void> {
    const { headerText: parent, header, identities } = message;
    const handler = handlers.get(header.msg_type);
    if (!handler?.isQuiet) this.status("busy", parent);
    const event = commEvent(header.msg_type);
    if (handler) {
      const content = aborted ? this.aborted() : await this.reply(handler, message);
      this.options.send(channel, identities, { type: handler.reply, content, parent });
    } else if (event) {
      await this.options.context.execution.comms.receive(event, message as Message<CommContent>);
    }
    if (handler?.isQuiet) return;
    this.status("idle", parent);
    // Clients keep the newest state they hear of; while a cell runs, that is busy.
    const running = this.options.context.execution.runningParent;
    if (running && running !== parent) this.status("busy", running);
  }

  private async reply(handler: Handler, message: Message): Promise<object> {
    try {
      checkContent(handler, message.content as Record<string, unknown>);
      return await handler.serve(message.content, this.options.context, message);
    } catch (error) {
      const { name, message: evalue, stack } = error instanceof Error ? error : new Error(String(error));
      const traceback = (stack ?? evalue).split("\n");
      return { status: "error", ename: name, evalue, traceback } satisfies ErrorReply;
    }
  }

  private aborted(): object {
    return { status: "aborted", execution_count: this.options.context.execution.executionCount };
  }

  private status(execution_state: "busy" | "idle", parent: string): void {
    this.options.publish({ type: "status", content: { execution_state }, parent });
  }
}

function checkContent({ request, required }: Handler, content: Readonly<Record<string, unknown>>): void {
  for (const [name, type] of Object.entries(required)) {
    const got = content[name];
    if (typeof got === type) continue;
    throw new TypeError(`${request}: ${name} must be a ${type}, got ${JSON.stringify(got)}.`);
  }
}
