import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Dealer } from "zeromq";
import { endpoint } from "../../kernel/channels/connection.js";
import { HeaderMaker, type Message } from "../../kernel/protocol/message.js";
import { Wire } from "../../kernel/protocol/wire.js";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(() => kernel.stop());

/** A client that answers on stdin when and how a test says. */
class SlowPerson {
  private readonly routingId = "slow-person";
  private readonly wire = new Wire(kernel.launched.connection.key, "hmac-sha256", new HeaderMaker());
  private readonly shell = new Dealer({ routingId: this.routingId, linger: 0 });
  private readonly stdin = new Dealer({ routingId: this.routingId, linger: 0 });

  constructor() {
    this.shell.connect(endpoint(kernel.launched.connection, "shell"));
    this.stdin.connect(endpoint(kernel.launched.connection, "stdin"));
  }

  /** Runs a cell that asks, and returns the question. */
  async ask(code: string): Promise<Message> {
    await this.shell.send(this.wire.encode([], { type: "execute_request", content: { code } }));
    return this.question();
  }

  async question(): Promise<Message> {
    return this.wire.decode(await this.stdin.receive()).message;
  }

  async answer(value: unknown, parent?: string): Promise<void> {
    await this.stdin.send(this.wire.encode([], { type: "input_reply", content: { value }, parent }));
  }

  async reply(): Promise<Record<string, unknown>> {
    return this.wire.decode(await this.shell.receive()).message.content as Record<string, unknown>;
  }

  close(): void {
    for (const socket of [this.shell, this.stdin]) socket.close();
  }
}

describe("an input_reply", () => {
  let person: SlowPerson;
  beforeAll(() => {
    person = new SlowPerson();
  });
  afterAll(() => person.close());

  it("that comes late does not answer the next question", async () => {
    const first = await person.ask('await input("First? ")');
    await kernel.interrupt();
    expect(await person.reply()).toMatchObject({ ename: "Interrupted" });
    const second = await person.ask('globalThis.answer = await input("Second? ")');
    await person.answer("late", first.headerText);
    await person.answer("in time", second.headerText);
    expect(await person.reply()).toMatchObject({ status: "ok" });
    expect((await kernel.run("answer")).result).toBe("'in time'");
  });

  it("without a parent answers the question that waits", async () => {
    await person.ask('globalThis.answer = await input("Name? ")');
    await person.answer("Ada");
    expect(await person.reply()).toMatchObject({ status: "ok" });
    expect((await kernel.run("answer")).result).toBe("'Ada'");
  });

  it("whose value is no text leaves the question waiting", async () => {
    const { headerText } = await person.ask('globalThis.answer = await input("Name? ")');
    for (const value of [5, null, undefined, { a: 1 }]) await person.answer(value, headerText);
    await person.answer("Ada", headerText);
    expect(await person.reply()).toMatchObject({ status: "ok" });
    expect((await kernel.run("answer")).result).toBe("'Ada'");
  });

  it("that nobody asked for is nothing", async () => {
    await person.answer("unasked");
    await person.ask('globalThis.answer = await input("Name? ")');
    await person.answer("asked");
    expect(await person.reply()).toMatchObject({ status: "ok" });
    expect((await kernel.run("answer")).result).toBe("'asked'");
  });
});
