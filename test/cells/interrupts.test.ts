import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Notebook } from "./notebook.js";

// `interrupt()` of the test's notebook does what Stop does: it changes the generation.
let notebook: Notebook;
beforeAll(() => {
  notebook = new Notebook();
});
afterAll(() => notebook.close());

const stopped = "Interrupted: stopped";

it.each([
  ["an await", "queueMicrotask(interrupt); await null; 1"],
  ["a loop of awaits", "for (let i = 0; ; i++) { if (i === 3) queueMicrotask(interrupt); await null }"],
  ["for await", "for await (const x of (async function* () { for (;;) yield 1 })()) queueMicrotask(interrupt)"],
  [
    "for await in a function",
    "await (async () => { for await (const x of [1, 2, 3]) { queueMicrotask(interrupt) } })()",
  ],
  ["a loop that catches", "for (;;) { try { queueMicrotask(interrupt); await null } catch {} }"],
  [
    "a loop that catches rejections",
    "for (;;) { try { queueMicrotask(interrupt); await Promise.reject(new Error()) } catch (error) { error } }",
  ],
])("an interrupt ends %s", async (_, cell) => {
  expect(await notebook.last([cell])).toBe(stopped);
});

it("a function defined before an interrupt works after it", async () => {
  const cells = [
    "async function twice(x: number) { await null; return 2 * (await x) }",
    "interrupt()",
    "await twice(4)",
  ];
  expect(await notebook.last(cells)).toBe("8");
});

it("finally runs when an interrupt ends its try", async () => {
  const cells = [
    "let closed = false",
    "try { queueMicrotask(interrupt); await null } catch {} finally { closed = true }",
    "closed",
  ];
  expect(await notebook.last(cells)).toBe("true");
});
