import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { bundleFor, messageBundle } from "../../kernel/display/bundle-for.js";

const displaySymbol = Symbol.for("Jupyter.display");

describe("bundleFor", () => {
  it.each([["text"], [1n], [null], [undefined], [[1, { a: "b" }]], [new Map([[1, 2]])], [Symbol("s")]])(
    "prints %p as Node's inspector does",
    (value) => expect(bundleFor(value)).toEqual({ "text/plain": inspect(value) }),
  );

  it("takes the bundle of a displayable value, now or later", async () => {
    const bundle = { "text/html": "<b>1</b>", "text/plain": "1" };
    expect(bundleFor({ [displaySymbol]: () => bundle })).toEqual(bundle);
    expect(await bundleFor({ [displaySymbol]: async () => bundle })).toEqual(bundle);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no bundle");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no bundle"))],
  ])("a display method that %s leaves the value and the reason", async (_how, method) => {
    const value = Object.defineProperty({ size: 3 }, displaySymbol, { value: method });
    const shown = await bundleFor(value);
    expect(shown["text/plain"]).toBe("(could not show itself: Error: no bundle)\n{ size: 3 }");
  });

  it("shows a value whose inspection throws", () => {
    const value = {
      [inspect.custom]: () => {
        throw new TypeError("closed");
      },
    };
    expect(bundleFor(value)).toEqual({
      "text/plain": expect.stringMatching(/^\(could not show itself: TypeError: closed\)\n/),
    });
  });

  it("prints an error without the kernel's frames", () => {
    const error = new Error("bad");
    const kernelFile = new URL("../../kernel/runner/run.js", import.meta.url).href;
    error.stack = `Error: bad\n    at train (Cell[7]:8:9)\n    at run (${kernelFile}:3:1)\n    at node:internal/process:1:2`;
    expect(bundleFor(error)).toEqual({ "text/plain": "Error: bad\n    at train (Cell[7]:8:9)" });
  });
});

describe("messageBundle", () => {
  it("carries pictures as base64 and JSON types as plain data", () => {
    expect(
      messageBundle({
        "image/png": Uint8Array.of(1, 2, 255).subarray(1),
        "application/json": {
          big: 10n,
          huge: 2n ** 60n,
          row: Float32Array.of(1, 2),
          skip: undefined,
          call() {},
          no: Number.NaN,
        },
        "application/vnd.x+json": '{"a":1}',
        "text/plain": "x",
      }),
    ).toEqual({
      "image/png": "Av8=",
      "application/json": { big: 10, huge: "1152921504606846976", row: [1, 2], no: null },
      "application/vnd.x+json": { a: 1 },
      "text/plain": "x",
    });
  });

  it("replaces half characters and leaves whole ones", () => {
    const lone = "a\ud83d";
    expect(messageBundle({ "text/plain": `${lone} \u{1f600}`, "application/json": { [lone]: lone } })).toEqual({
      "text/plain": "a\ufffd \u{1f600}",
      "application/json": { "a\ufffd": "a\ufffd" },
    });
  });

  it("drops what cannot be carried and says so", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(messageBundle({ "application/json": cycle, "text/html": undefined, "text/plain": "x" })).toEqual({
      "text/plain": "x\n(application/json could not be shown: Converting circular structure to JSON)",
    });
  });

  it("always has text", () => {
    expect(messageBundle({ "text/html": "<hr>" })).toEqual({ "text/html": "<hr>", "text/plain": "text/html" });
    expect(messageBundle(7 as never)["text/plain"]).toContain("returned 7, not a MIME bundle");
  });
});
