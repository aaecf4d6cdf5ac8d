import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CommLine, Listener, openComms, toldBy } from "./comm-line.js";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await TestKernel.start();
  await registerTargets();
});
afterAll(() => kernel.stop());

async function registerTargets(): Promise<void> {
  await kernel.run(`
    comms.register("echo", (comm, opening) => {
      console.log("opened with", opening.data);
      comm.onMessage(({ data, metadata, buffers }) => comm.send(data, { metadata, buffers }));
      comm.onClose(({ data }) => console.log("closed with", data));
    });
    comms.register("tasks", (comm) => {
      comm.onMessage(async ({ data }) => {
        console.log("begin", data.name);
        if (data.name === "loop") while (true) {}
        if (data.name === "never") await new Promise(() => {});
        if (data.name === "fail") throw new RangeError("too far");
        if (data.name === "fail later") { await null; throw new RangeError("too far, later"); }
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (data.name === "show") display(data.value);
        console.log("end", data.name);
      });
    });
    let release = () => {};
    comms.register("release", () => release());
  `);
}

const line = (channel?: "shell" | "control") => new CommLine(kernel, undefined, channel ? { channel } : {});
const tasks = async () => {
  const comm = line();
  await comm.open("tasks");
  return comm;
};

describe.each(["shell", "control"] as const)("a comm that the front end opens on %s", (channel) => {
  it("gets its messages echoed and is closed, each between busy and idle", async () => {
    const comm = line(channel);
    expect(toldBy(await comm.open("echo", { a: 1 }))).toEqual([
      ["status", "busy"],
      ["stream", "opened with { a: 1 }\n"],
      ["status", "idle"],
    ]);
    const outputs = await comm.send({ b: [2, null, "é\ud83d\ude00"] }, { metadata: { version: "2.1.0" } });
    expect(toldBy(outputs)).toEqual([
      ["status", "busy"],
      ["comm_msg", { b: [2, null, "é\ud83d\ude00"] }],
      ["status", "idle"],
    ]);
    expect(outputs[1]).toMatchObject({ content: { comm_id: comm.id }, metadata: { version: "2.1.0" } });
    expect(toldBy(await comm.close({ c: 3 }))).toEqual([
      ["status", "busy"],
      ["stream", "closed with { c: 3 }\n"],
      ["status", "idle"],
    ]);
    expect(await openComms(kernel)).toEqual({});
  });
});

describe("a comm that a cell opens", () => {
  it("is announced under that cell, carries messages both ways, and closes", async () => {
    const listener = new Listener(kernel);
    const opened = await kernel.run(
      'const mine = comms.open("meter", { data: { total: 10 }, metadata: { m: 1 }, buffers: [Uint8Array.of(1, 2)], id: "mine" }); mine.onMessage(({ data }) => mine.send({ twice: 2 * (data.value as number) })); mine.isOpen',
    );
    expect(opened.result).toBe("true");
    expect(opened.outputs.find(({ header }) => header.msg_type === "comm_open")).toMatchObject({
      content: { comm_id: "mine", target_name: "meter", data: { total: 10 } },
      metadata: { m: 1 },
      buffers: [Buffer.of(1, 2)],
    });
    await new CommLine(kernel, "mine").send({ value: 21 });
    expect((await listener.nextOf("mine")).content.data).toEqual({ twice: 42 });
    const closed = await kernel.run(
      'mine.close({ why: "done" }); mine.send({ lost: true }); mine.close(); mine.isOpen',
    );
    expect(closed.result).toBe("false");
    expect(toldBy(closed.outputs).filter(([type]) => String(type).startsWith("comm_"))).toEqual([
      ["comm_close", { why: "done" }],
    ]);
  });

  it("works from a silent cell, which shows nothing else", async () => {
    const { types } = await kernel.run('console.log("unseen"); comms.open("quiet").close()', { silent: true });
    expect(types).toEqual(["status", "comm_open", "comm_close", "status"]);
  });

  it("keeps its place among the output of the cell", async () => {
    const { outputs } = await kernel.run(
      'const placed = comms.open("t"); console.log(1); placed.send({ n: 2 }); console.log(3); placed.close();',
    );
    expect(toldBy(outputs).slice(2, -1)).toEqual([
      ["comm_open", {}],
      ["stream", "1\n"],
      ["comm_msg", { n: 2 }],
      ["stream", "3\n"],
      ["comm_close", {}],
    ]);
  });

  it("refuses data that JSON does not carry, in one sentence", async () => {
    const { errors } = await kernel.run(
      'const refusing = comms.open("t"); const ring: Record<string, unknown> = {}; ring.ring = ring; refusing.send(ring);',
    );
    expect(errors[0]).toMatchObject({
      ename: "TypeError",
      evalue: expect.stringMatching(/^Comm\.send: data and metadata must be plain data that JSON carries \(.*circular/),
    });
    await kernel.run("refusing.close()");
  });
});

describe("comm messages that go nowhere", () => {
  it("to a target that nobody has registered are answered by comm_close under them", async () => {
    const comm = line();
    const outputs = await comm.open("nobody");
    expect(toldBy(outputs)).toEqual([
      ["status", "busy"],
      ["comm_close", {}],
      ["status", "idle"],
    ]);
    expect(outputs[1]!.content).toEqual({ comm_id: comm.id, data: {} });
    expect(await openComms(kernel)).toEqual({});
  });

  it.each([
    ["comm_msg", { comm_id: "nobody", data: {} }],
    ["comm_close", { comm_id: "nobody", data: {} }],
    ["comm_msg", { data: {} }],
    ["comm_open", { comm_id: "x" }],
  ])("%s with %j leaves the kernel as it was", async (type, content) => {
    expect(toldBy(await kernel.client.send(type, content))).toEqual([
      ["status", "busy"],
      ["status", "idle"],
    ]);
    expect(await openComms(kernel)).toEqual({});
  });

  it("are closed when the handler of the target fails", async () => {
    await kernel.run('comms.register("broken", async () => { await null; throw new RangeError("not today"); });');
    expect(toldBy(await line().open("broken"))).toEqual([
      ["status", "busy"],
      ["comm_close", {}],
      ["error", "RangeError"],
      ["status", "idle"],
    ]);
    expect(await openComms(kernel)).toEqual({});
  });
});

describe("comm_info", () => {
  it("lists what both sides have opened, or one target of it", async () => {
    const comm = line();
    await comm.open("echo");
    await kernel.run('const listed = comms.open("meter", { id: "listed" })');
    expect(await openComms(kernel)).toEqual({
      [comm.id]: { target_name: "echo" },
      listed: { target_name: "meter" },
    });
    expect(await openComms(kernel, "meter")).toEqual({ listed: { target_name: "meter" } });
    expect(await openComms(kernel, "none")).toEqual({});
    await comm.close();
    await kernel.run("listed.close()");
    expect(await openComms(kernel)).toEqual({});
  });
});

describe("the handler of a comm message", () => {
  it("prints, displays and ends under that message, and idle comes after its promise", async () => {
    const comm = await tasks();
    const outputs = await comm.send({ name: "show", value: 7 });
    expect(toldBy(outputs)).toEqual([
      ["status", "busy"],
      ["stream", "begin show\n"],
      ["display_data", { "text/plain": "7" }],
      ["stream", "end show\n"],
      ["status", "idle"],
    ]);
    await comm.close();
  });

  it.each([
    ["fail", "too far"],
    ["fail later", "too far, later"],
  ])("that does %s is an error under that message, and the next message is served", async (name, evalue) => {
    const comm = await tasks();
    const outputs = await comm.send({ name });
    expect(toldBy(outputs)).toEqual([
      ["status", "busy"],
      ["stream", `begin ${name}\n`],
      ["error", "RangeError"],
      ["status", "idle"],
    ]);
    expect((outputs[2]!.content as { evalue: string }).evalue).toBe(evalue);
    expect(toldBy(await comm.send({ name: "x" })).at(-2)).toEqual(["stream", "begin x\nend x\n"]);
    await comm.close();
  });

  it("runs between the awaits of a running cell, without waiting for queued cells, each with its own output", async () => {
    const comm = await tasks();
    const { done } = await kernel.begin(
      'console.log("cell begins"); await new Promise<void>((resolve) => { release = resolve; }); console.log("cell ends"); 1',
      "cell begins",
    );
    const queued = kernel.run('console.log("queued")');
    const outputs = await comm.send({ name: "beside" });
    expect(toldBy(outputs)).toEqual([
      ["status", "busy"],
      ["stream", "begin beside\nend beside\n"],
      ["status", "idle"],
    ]);
    await line().open("release");
    expect((await done).stdout).toBe("cell begins\ncell ends\n");
    expect((await queued).stdout).toBe("queued\n");
    await comm.close();
  });

  it("that never settles keeps back neither other messages, of its comm too, nor cells; Stop ends it", async () => {
    const comm = await tasks();
    const never = comm.send({ name: "never" });
    expect(toldBy(await comm.send({ name: "next" })).at(-2)).toEqual(["stream", "begin next\nend next\n"]);
    expect((await kernel.run("1 + 1")).result).toBe("2");
    await kernel.interrupt();
    expect(toldBy(await never).slice(-2)).toEqual([
      ["error", "Interrupted"],
      ["status", "idle"],
    ]);
    await comm.close();
  });

  it("begins in the order of the messages", async () => {
    await kernel.run(
      'const order: number[] = []; comms.register("ordered", (comm) => { comm.onMessage(async ({ data }) => { order.push(data.n as number); await null; }); });',
    );
    const comm = line();
    void comm.open("ordered");
    await Promise.all(Array.from({ length: 500 }, (_, n) => comm.send({ n })));
    expect((await kernel.run("order.length === 500 && order.every((n, i) => n === i)")).result).toBe("true");
    await comm.close();
  });

  it("has begun before a cell that was sent after its message", async () => {
    await kernel.run(
      'let level = 0; comms.register("level", (comm) => comm.onMessage(({ data }) => { level = data.level as number; }));',
    );
    const comm = line();
    await comm.open("level");
    for (let level = 1; level <= 20; level++) {
      void comm.send({ level });
      expect((await kernel.run("level")).result).toBe(String(level));
    }
    await comm.close();
  });
});

describe("Stop", () => {
  const stuck = async () => {
    const comm = await tasks();
    let begun: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const done = comm.send({ name: "loop" }, { onOutput: ({ header }) => header.msg_type === "stream" && begun() });
    await running;
    return { comm, done };
  };

  it("ends a loop in a handler and keeps the state; messages that wait behind it are served", async () => {
    await kernel.run("const kept = { value: 42 };");
    const { comm, done } = await stuck();
    const waiting = [1, 2, 3].map((value) => comm.send({ name: "show", value }));
    await kernel.interrupt();
    expect(toldBy(await done).slice(1)).toEqual([
      ["stream", "begin loop\n"],
      ["error", "Interrupted"],
      ["status", "idle"],
    ]);
    for (const outputs of await Promise.all(waiting)) {
      expect(toldBy(outputs).map(([type]) => type)).toContain("display_data");
    }
    expect((await kernel.run("kept.value")).result).toBe("42");
    await comm.close();
  });

  it("ends the cell that waits behind the handler as well, and the next cell runs", async () => {
    const { comm, done } = await stuck();
    const { done: cell } = await kernel.begin('throw new Error("the stop was meant for this cell too")');
    await kernel.interrupt();
    expect((await cell).errors[0]?.ename).toBe("Interrupted");
    await done;
    expect((await kernel.run("1 + 1")).result).toBe("2");
    await comm.close();
  });

  it("twice ends native code in a handler with the process, and its message says so", async () => {
    await kernel.run(
      `import { execSync } from "node:child_process"; comms.register("native", (comm) => comm.onMessage(() => { console.log("begun"); execSync("trap '' INT; sleep 60"); }));`,
    );
    const comm = line();
    await comm.open("native");
    const listener = new Listener(kernel);
    const done = comm.send({});
    const printed = (text: string) =>
      listener.next(({ content }) => String((content as { text?: string }).text).includes(text));
    await printed("begun");
    await kernel.interrupt();
    await printed("Press Stop again");
    await kernel.interrupt();
    expect(toldBy(await done).slice(-2)).toEqual([
      ["error", "ProcessEnded"],
      ["status", "idle"],
    ]);
    expect((await kernel.run("1 + 1")).result).toBe("2");
    await registerTargets();
  });

  it("lets a loop of ours in a handler end by itself", async () => {
    await kernel.run(`
      let steps = 0;
      comms.register("train", (comm) => comm.onMessage(async () => {
        await stoppable(async (stopRequested) => {
          while (!stopRequested()) {
            if (++steps === 10) comm.send({ begun: true });
            await new Promise(setImmediate);
          }
        });
        comm.send({ steps });
      }));
    `);
    const comm = line();
    await comm.open("train");
    const listener = new Listener(kernel);
    const trained = comm.send({});
    await listener.nextOf(comm.id);
    await kernel.interrupt();
    expect(toldBy(await trained)).toEqual([
      ["status", "busy"],
      ["comm_msg", { begun: true }],
      ["comm_msg", { steps: expect.any(Number) }],
      ["status", "idle"],
    ]);
    await comm.close();
  });
});

describe("buffers", () => {
  const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

  it("arrive as they were: views with offsets, a DataView, an ArrayBuffer, an empty one", async () => {
    const { outputs } = await kernel.run(`
      const memory = Uint8Array.from({ length: 32 }, (_, i) => i);
      const floats = new Float32Array(memory.buffer, 8, 2);
      comms.open("t", { buffers: [memory.subarray(3, 6), floats, new DataView(memory.buffer, 5, 3), memory.buffer, new Float64Array(0), Buffer.from("buffer")] }).close();
    `);
    const { buffers } = outputs.find(({ header }) => header.msg_type === "comm_open")!;
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    expect(buffers.map((buffer) => [...buffer])).toEqual([
      range(3, 6),
      range(8, 16),
      range(5, 8),
      range(0, 32),
      [],
      [...Buffer.from("buffer")],
    ]);
  });

  it("are read by any typed array without a copy", async () => {
    await kernel.run(
      'comms.register("sum", (comm) => comm.onMessage(({ buffers: [, floats] }) => comm.send({ sum: new Float32Array(floats!.buffer).reduce((a, b) => a + b, 0) })));',
    );
    const comm = line();
    await comm.open("sum");
    const floats = new Uint8Array(Float32Array.of(1, 2, 3.5).buffer);
    const outputs = await comm.send({}, { buffers: [Buffer.of(1), floats] });
    expect(toldBy(outputs)[1]).toEqual(["comm_msg", { sum: 6.5 }]);
    await comm.close();
  });

  it("of 100 MB are the same there and back, beside small ones", async () => {
    await kernel.run(
      'import { createHash } from "node:crypto"; comms.register("hash", (comm) => comm.onMessage(({ buffers }) => comm.send({ hash: createHash("sha256").update(buffers[1]!).digest("hex") }, { buffers })));',
    );
    const comm = line();
    await comm.open("hash");
    const large = randomBytes(100_000_000);
    const outputs = await comm.send({}, { buffers: [Buffer.of(1, 2, 3), large, Buffer.alloc(0)] });
    const back = outputs[1]!;
    expect(back.content).toMatchObject({ data: { hash: hash(large) } });
    expect(back.buffers.map(({ length }) => length)).toEqual([3, large.length, 0]);
    expect(hash(back.buffers[1]!)).toBe(hash(large));
    await comm.close();
  });
});

describe("when the user process ends", () => {
  it.each([
    ["by exit in a cell", async () => void (await kernel.run("process.exit(3)"))],
    [
      "by SIGKILL",
      async () => void (await kernel.run('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})')),
    ],
  ])("%s, every comm is closed towards the front end, and the fresh one has none", async (_, end) => {
    await kernel.run('comms.register("echo", () => {}); const lost = comms.open("t", { id: "lost" });');
    const comm = line();
    await comm.open("echo");
    const listener = new Listener(kernel);
    await end();
    const closed = [
      await listener.next(({ type }) => type === "comm_close"),
      await listener.next(({ type }) => type === "comm_close"),
    ];
    expect(closed.map(({ content }) => content.comm_id).sort()).toEqual(["lost", comm.id].sort());
    expect(await openComms(kernel)).toEqual({});
    expect(toldBy(await line().open("echo"))[1]).toEqual(["comm_close", {}]);
    expect((await kernel.run("1 + 1")).result).toBe("2");
  });

  it("in a handler, its message says why and is idle", async () => {
    await kernel.run('comms.register("leave", (comm) => comm.onMessage(() => process.exit(5)));');
    const comm = line();
    await comm.open("leave");
    const outputs = await comm.send({});
    expect(toldBy(outputs).slice(1)).toEqual([
      ["comm_close", {}],
      ["error", "ProcessEnded"],
      ["status", "idle"],
    ]);
    expect((await kernel.run("1 + 1")).result).toBe("2");
  });
});
