import { beforeEach, expect, it } from "@jest/globals";
import { Inbox } from "../../kernel/runner/inbox.js";

let held: boolean;
let inbox: Inbox;
let protect: (begin: () => void) => void;
let begun: number[];
beforeEach(() => {
  held = false;
  inbox = new Inbox(
    () => held,
    (begin) => protect(begin),
  );
  protect = (begin) => begin();
  begun = [];
});
const microtasks = () => new Promise(setImmediate);

it("what came in begins in order, also what comes in meanwhile", async () => {
  inbox.push(() => {
    begun.push(1);
    inbox.push(() => begun.push(4));
  });
  inbox.push(() => begun.push(2));
  inbox.push(() => begun.push(3));
  await microtasks();
  expect(begun).toEqual([1, 2, 3, 4]);
});

it("is begun once, however often it is resumed", async () => {
  inbox.push(() => begun.push(1));
  inbox.push(() => begun.push(2));
  inbox.resume();
  inbox.resume();
  await microtasks();
  expect(begun).toEqual([1, 2]);
});

it("waits while it is held, for its resumption", async () => {
  held = true;
  inbox.push(() => begun.push(1));
  inbox.push(() => begun.push(2));
  await microtasks();
  expect(begun).toEqual([]);
  held = false;
  inbox.resume();
  await microtasks();
  expect(begun).toEqual([1, 2]);
});

it("is not lost if it is terminated before it could begin", async () => {
  protect = () => {}; // cut off while it waits for the guard
  inbox.push(() => begun.push(1));
  await microtasks();
  expect(begun).toEqual([]);
  protect = (begin) => begin();
  inbox.resume();
  await microtasks();
  expect(begun).toEqual([1]);
});
