import { type CommContent, commEvent } from "../protocol/comm.js";
import { checkFields } from "../protocol/fields.js";
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
  readonly log: (reason: string) => void;
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
    const { headerText: parent, header } = message;
    const isQuiet = handlers.get(header.msg_type)?.isQuiet;
    if (!isQuiet) this.status("busy", parent);
    try {
      await this.answer(channel, message, aborted);
    } catch (error) {
      // The requests after it wait for this promise: whatever fails here must not keep them waiting.
      this.options.log(`${header.msg_type} could not be answered: ${(error as Error).message}`);
    }
    if (isQuiet) return;
    this.status("idle", parent);
    // Clients keep the newest state they hear of; while a cell runs, that is busy.
    const running = this.options.context.execution.runningParent;
    if (running && running !== parent) this.status("busy", running);
  }

  private async answer(channel: Channel, message: Message, aborted: boolean): Promise<void> {
    const { headerText: parent, header, identities } = message;
    const handler = handlers.get(header.msg_type);
    const event = commEvent(header.msg_type);
    if (handler) {
      const content = aborted ? this.aborted() : await this.reply(handler, message);
      this.options.send(channel, identities, { type: handler.reply, content, parent });
    } else if (event) {
      await this.options.context.execution.comms.receive(event, message as Message<CommContent>);
    }
  }

  private async reply(handler: Handler, message: Message): Promise<object> {
    try {
      const content = checkFields(handler.request, handler.fields, message.content as Record<string, unknown>);
      return await handler.serve(content, this.options.context, { ...message, content });
    } catch (error) {
      const { name, message: evalue, stack } = error instanceof Error ? error : new Error(String(error));
      const traceback = (stack ?? evalue).split("\n");
      const failed = { status: "error", ename: name, evalue, traceback } satisfies ErrorReply;
      return handler === handleExecute ? { ...failed, execution_count: this.executionCount } : failed;
    }
  }

  private aborted(): object {
    return { status: "aborted", execution_count: this.executionCount };
  }

  private get executionCount(): number {
    return this.options.context.execution.executionCount;
  }

  private status(execution_state: "busy" | "idle", parent: string): void {
    this.options.publish({ type: "status", content: { execution_state }, parent });
  }
}
