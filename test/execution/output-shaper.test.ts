import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { OutputShaper } from "../../kernel/execution/output-shaper.js";
import { RateWindow } from "../../kernel/execution/rate-window.js";
import { SpillFile } from "../../kernel/execution/spill-file.js";
import type { Outgoing } from "../../kernel/protocol/message.js";

let sent: (Outgoing & { readonly at: number })[];
let held: Promise<unknown>[];
let rate: RateWindow;
let folder: string;
let shaper: OutputShaper;

function shaperWith(options: { silent?: boolean; maxBytes?: number; path?: string } = {}): OutputShaper {
  const path = options.path ?? join(folder, "output.txt");
  return new OutputShaper({
    parent: "{}",
    silent: options.silent ?? false,
    publish: (message) => sent.push({ ...message, at: performance.now() }),
    rate,
    spill: () => new SpillFile(() => path, options.maxBytes ?? 1e9),
    hold: (until) => held.push(until),
  });
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
  sent = [];
  held = [];
  rate = new RateWindow(() => performance.now());
  folder = mkdtempSync(join(tmpdir(), "etude-shaper-"));
  shaper = shaperWith();
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

const contents = () => sent.map(({ content }) => content);
const types = () => sent.map(({ type }) => type);
const textOf = (messages: readonly Outgoing[]) =>
  messages.map(({ type, content }) => (type === "stream" ? (content as { text: string }).text : "")).join("");
const display = (id: string, value: number) => ({
  type: "display_data",
  content: { value, transient: { display_id: id } },
});
const update = (value: number) => ({ type: "update_display_data", content: { value } });
/** Fills the window of the rate, so that what comes next has to wait. */
const fill = () => {
  while (rate.admit("stream", 10_000, false) === 0);
  while (rate.admit("display_data", 0, false) === 0);
};

describe("the output of a cell", () => {
  it("joins neighbouring text of one stream, and keeps the order of streams and displays", () => {
    shaper.text("stdout", "a");
    shaper.text("stdout", "b");
    shaper.text("stderr", "c");
    shaper.text("stdout", "d");
    shaper.send({ type: "display_data", content: { x: 1 } });
    expect(contents()).toEqual([
      { name: "stdout", text: "ab" },
      { name: "stderr", text: "c" },
      { name: "stdout", text: "d" },
      { x: 1 },
    ]);
  });

  it("comes by itself after a moment", () => {
    shaper.text("stdout", "a");
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(50);
    expect(sent).toHaveLength(1);
  });

  it("keeps the newest update of each display, and text passes updates", () => {
    for (let i = 0; i < 5; i++) {
      shaper.update("p", update(i));
      shaper.text("stdout", `${i}`);
    }
    shaper.update("q", update(9));
    shaper.flush();
    expect(contents()).toEqual([{ value: 4 }, { name: "stdout", text: "01234" }, { value: 9 }]);
  });

  it("sends at most 20 streams and updates a second, also between displays", () => {
    for (let i = 0; i < 1000; i++) {
      shaper.update("p", update(i));
      if (i % 10 === 0) shaper.send({ type: "display_data", content: { i } });
      jest.advanceTimersByTime(1);
    }
    const updates = types().filter((type) => type === "update_display_data");
    expect(updates.length).toBeGreaterThan(10);
    expect(updates.length).toBeLessThanOrEqual(20);
  });

  it("is nothing when the cell is silent", async () => {
    const silent = shaperWith({ silent: true });
    silent.text("stdout", "x".repeat(11e6));
    silent.send(display("p", 1));
    silent.update("p", update(2));
    silent.say("a remark");
    await silent.settled();
    expect(sent).toEqual([]);
  });

  it("has whole characters, however they were cut", async () => {
    const smile = "😀";
    shaper.text("stdout", `a${smile[0]}`);
    jest.advanceTimersByTime(50);
    shaper.text("stdout", `${smile[1]}b`);
    shaper.text("stderr", smile[0]!);
    shaper.text("stdout", smile[1]!);
    await shaper.settled();
    expect(contents()).toEqual([
      { name: "stdout", text: "a" },
      { name: "stdout", text: "😀b\ufffd" },
      { name: "stderr", text: "\ufffd" },
    ]);
  });

  it.each(["\u0000", "\u001b[31m", "\r", "😀", "é"])("is not changed by the size of its messages: %j", async (unit) => {
    const text = unit.repeat(300_000);
    shaper.text("stdout", text);
    while (!shaper.flush()) jest.advanceTimersByTime(1000);
    expect(textOf(sent)).toBe(text);
    for (const { content } of sent) expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(2_000_000);
  });
});

describe("output that the rate does not admit", () => {
  it("waits and comes in order, streams merged", () => {
    fill();
    for (let i = 0; i < 10; i++) shaper.text("stdout", `${i}`);
    shaper.send({ type: "display_data", content: { x: 1 } });
    for (let i = 0; i < 10; i++) shaper.text("stdout", `${i}`);
    jest.advanceTimersByTime(3000);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(600);
    expect(contents()).toEqual([
      { name: "stdout", text: "0123456789" },
      { x: 1 },
      { name: "stdout", text: "0123456789" },
    ]);
  });

  it("never lets an update pass what it belongs to", () => {
    fill();
    shaper.update("p", update(0));
    shaper.send(display("p", 1));
    shaper.update("p", update(2));
    shaper.update("p", update(3));
    shaper.send({ type: "clear_output", content: { wait: false } });
    shaper.update("p", update(4));
    shaper.send(display("q", 5));
    shaper.update("p", update(6));
    jest.advanceTimersByTime(4000);
    expect(types()).toEqual([
      "update_display_data",
      "display_data",
      "update_display_data",
      "clear_output",
      "update_display_data",
      "display_data",
    ]);
    expect(contents()).toMatchObject([
      { value: 0 },
      { value: 1 },
      { value: 3 },
      { wait: false },
      { value: 6 },
      { value: 5 },
    ]);
  });

  it("keeps a clear between the parts of a stream", () => {
    fill();
    shaper.text("stdout", "a");
    shaper.send({ type: "clear_output", content: { wait: true } });
    shaper.text("stdout", "b");
    jest.advanceTimersByTime(4000);
    expect(types()).toEqual(["stream", "clear_output", "stream"]);
  });

  it("of 10,000 displays arrives whole, at most 2400 in 3 s", async () => {
    for (let i = 0; i < 10_000; i++) shaper.send(display(`${i}`, i));
    while (!shaper.flush()) jest.advanceTimersByTime(100);
    expect(sent.map(({ content }) => (content as { value: number }).value)).toEqual([...Array(10_000).keys()]);
    for (let i = 2400; i < sent.length; i++) expect(sent[i]!.at - sent[i - 2400]!.at).toBeGreaterThan(3000);
  });

  it("holds the user process while much waits", () => {
    fill();
    for (let i = 0; i < 1002; i++) shaper.send(display(`${i}`, i));
    expect(held).toHaveLength(1);
    const large = shaperWith();
    for (let i = 0; i < 20; i++) large.send({ type: "display_data", content: { chart: "x".repeat(1e6) } });
    expect(held).toHaveLength(2);
  });

  it("lets the user process go on when it has been sent, or at a stop", async () => {
    fill();
    for (let i = 0; i < 1002; i++) shaper.send(display(`${i}`, i));
    jest.advanceTimersByTime(6000);
    await held[0];
    fill();
    for (let i = 0; i < 2000; i++) shaper.send(display(`${i}`, i));
    shaper.cutShort();
    await held[1];
    expect(shaper.flush()).toBe(false);
  });
});

describe("a cell that prints more than 10 MB", () => {
  const lines = (from: number, to: number) => {
    let text = "";
    for (let i = from; i < to; i++) text += `line ${i}\n`;
    return text;
  };
  const all = lines(0, 1_500_000);
  const print = (shaper: OutputShaper, text: string) => {
    for (let at = 0; at < text.length; at += 60_000) shaper.text("stdout", text.slice(at, at + 60_000));
  };

  it("shows its head, how much is missing, and its tail in whole lines; the file has all of it", async () => {
    print(shaper, all);
    await shaper.settled();
    shaper.send({ type: "execute_result", content: {} });
    expect(shaper.flush()).toBe(true);
    expect(types().at(-1)).toBe("execute_result");
    const path = join(folder, "output.txt");
    const [head, missing, path_, tail] = textOf(sent).split(
      /\n\.\.\. ([\d.]+) MB more; all 18\.4 MB are in (\S+), a temporary file \.\.\.\n/,
    );
    expect(path_).toBe(path);
    expect(all.startsWith(head!)).toBe(true);
    expect(head!.length).toBeGreaterThan(1_900_000);
    expect(all.endsWith(`\n${tail}`)).toBe(true);
    expect(tail!.length).toBeGreaterThan(60_000);
    expect(tail!.length).toBeLessThanOrEqual(65_536);
    expect(Number(missing)).toBe(Math.round((all.length - head!.length - tail!.length) / 1e5) / 10);
    expect(readFileSync(path, "utf8")).toBe(all);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("shows all when what could not be sent yet is no more than a tail", async () => {
    print(shaper, all.slice(0, 9_990_000));
    while (!shaper.flush()) jest.advanceTimersByTime(1000);
    print(shaper, all.slice(9_990_000, 10_010_000));
    await shaper.settled();
    expect(textOf(sent)).toBe(all.slice(0, 10_010_000));
  });

  it("keeps displays in their place, and both streams in the tail", async () => {
    print(shaper, all);
    shaper.send(display("p", 1));
    shaper.text("stdout", "out\n");
    shaper.text("stderr", "err\n");
    await shaper.settled();
    const at = types().indexOf("display_data");
    expect(textOf(sent.slice(0, at))).not.toContain(" more; ");
    expect(contents().at(-1)).toEqual({ name: "stderr", text: "err\n" });
    expect(textOf(sent).endsWith("line 1499999\nout\nerr\n")).toBe(true);
  });

  it("says after a second where the text is, if it goes on", () => {
    print(shaper, all);
    jest.advanceTimersByTime(5000);
    expect(textOf(sent)).toContain(`what follows is in ${join(folder, "output.txt")}, a temporary file`);
  });

  it("begins anew after a clear", async () => {
    print(shaper, all.slice(0, 6e6));
    shaper.send({ type: "clear_output", content: { wait: true } });
    print(shaper, all.slice(0, 6e6));
    while (!shaper.flush()) jest.advanceTimersByTime(1000);
    expect(textOf(sent)).toBe(all.slice(0, 6e6).repeat(2));
    expect(existsSync(join(folder, "output.txt"))).toBe(false);
  });

  it("says in one line that there is no file when the disk does not take it", async () => {
    const full = shaperWith({ path: "/dev/null/output.txt" });
    print(full, all);
    await full.settled();
    const said = textOf(sent)
      .split("\n")
      .filter((line) => line.startsWith("..."));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^\.\.\. [\d.]+ MB more, and they could not be written to a file: ENOTDIR: .* \.\.\.$/);
    expect(textOf(sent).endsWith("line 1499999\n")).toBe(true);
  });

  it("has no more in the file than a disk can bear", async () => {
    const bounded = shaperWith({ maxBytes: 12e6 });
    print(bounded, all);
    await bounded.settled();
    expect(textOf(sent)).toContain("; the first 12.0 MB are in ");
    expect(all.startsWith(readFileSync(join(folder, "output.txt"), "utf8"))).toBe(true);
  });

  it("ends at once when it is stopped, also below 10 MB: what would have to wait is in the file", async () => {
    print(shaper, all.slice(0, 5e6));
    shaper.cutShort();
    await shaper.settled();
    expect(textOf(sent)).toContain("; all 5.0 MB are in ");
    expect(textOf(sent).endsWith(all.slice(4_990_000, 5e6))).toBe(true);
  });

  it("has a tail of few messages, also when stdout and stderr take turns", async () => {
    fill();
    for (let i = 0; i < 900; i++) shaper.text(i % 2 === 0 ? "stdout" : "stderr", `${i}\n`);
    shaper.cutShort();
    await shaper.settled();
    expect(sent.length).toBeLessThanOrEqual(45);
    expect(textOf(sent)).toMatch(/^\n\.\.\. 3\.\d kB more; all 3\.\d kB are in .*\n(\d+\n)*899\n$/);
  });

  it("has a stop cut what waits after it ran", async () => {
    print(shaper, all.slice(0, 5e6));
    const settled = shaper.settled();
    shaper.cutShort();
    await settled;
    expect(textOf(sent)).toContain("; all 5.0 MB are in ");
  });
});
