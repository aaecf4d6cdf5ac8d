import { randomUUID } from "node:crypto";
import type { RequestOptions } from "../../kernel/channels/client.js";
import type { Message } from "../../kernel/protocol/message.js";
import type { TestKernel } from "./kernel.js";

type Content = Readonly<Record<string, unknown>>;

/** A comm message of the kernel, or any other message on iopub. */
export interface Heard {
  readonly type: string;
  readonly content: Content & { readonly comm_id?: string; readonly data?: never };
  readonly message: Message<never>;
}

/** Hears everything on iopub from the moment of its making, and lets a test wait for it. */
export class Listener {
  private readonly heard: Heard[] = [];
  private wake: () => void = () => {};

  constructor(kernel: TestKernel) {
    kernel.client.onIopub = (message) => {
      this.heard.push({ type: message.header.msg_type, content: message.content, message });
      this.wake();
    };
  }

  /** The next message that fits; those before it are passed over. */
  async next(fits: (heard: Heard) => boolean): Promise<Heard> {
    for (;;) {
      while (this.heard.length > 0) {
        const heard = this.heard.shift()!;
        if (fits(heard)) return heard;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  nextOf(comm: string, type = "comm_msg"): Promise<Heard> {
    return this.next((heard) => heard.type === type && heard.content.comm_id === comm);
  }
}

/** The front end's end of a comm. */
export class CommLine {
  constructor(
    private readonly kernel: TestKernel,
    readonly id: string = randomUUID(),
    private readonly options: RequestOptions = {},
  ) {}

  open(target_name: string, data: Content = {}, options: RequestOptions = {}): Promise<readonly Message<never>[]> {
    return this.post("comm_open", { target_name, data }, options);
  }

  send(data: Content, options: RequestOptions = {}): Promise<readonly Message<never>[]> {
    return this.post("comm_msg", { data }, options);
  }

  close(data: Content = {}): Promise<readonly Message<never>[]> {
    return this.post("comm_close", { data }, {});
  }

  private post(type: string, content: Content, options: RequestOptions): Promise<readonly Message<never>[]> {
    return this.kernel.client.send(type, { comm_id: this.id, ...content }, { ...this.options, ...options });
  }
}

export async function openComms(kernel: TestKernel, target_name?: string): Promise<Record<string, unknown>> {
  const { reply } = await kernel.client.request<{ comms: Record<string, unknown> }>(
    "comm_info_request",
    target_name === undefined ? {} : { target_name },
  );
  return reply.content.comms;
}

/** What came of a message, in order: text of streams, names of errors, data of comm messages, states. */
export function toldBy(outputs: readonly Message<never>[]): [string, unknown][] {
  return outputs.map(({ header: { msg_type }, content }) => {
    const { execution_state, text, ename, data } = content as Content;
    return [msg_type, execution_state ?? text ?? ename ?? data];
  });
}
