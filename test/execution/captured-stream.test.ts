import { spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { capture, pendingReads } from "../../kernel/execution/captured-stream.js";

describe("what is written to a captured descriptor", () => {
  it("comes as text, also when a character is cut in two", async () => {
    const source = new PassThrough();
    let text = "";
    capture(source, (part) => {
      text += part;
    });
    const bytes = Buffer.from("é😀");
    for (const byte of bytes) source.write(Buffer.of(byte));
    source.end(Buffer.of(0xc3));
    await new Promise((resolve) => source.once("close", resolve));
    expect(text).toBe("é😀\ufffd");
  });

  it("is there before what the process said later on another pipe, and nothing has to mark its end", async () => {
    const program = `const fs = require("fs");
      for (let i = 0; i < 200; i++) { fs.writeSync(1, "x".repeat(50000)); fs.writeSync(3, "d"); while (fs.readSync(0, Buffer.alloc(1)) === 0); }`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit", "pipe"] });
    let length = 0;
    capture(child.stdout!, (part) => {
      length += part.length;
    });
    const missing: number[] = [];
    let rounds = 0;
    child.stdio[3]!.on("data", async () => {
      await pendingReads();
      missing.push(++rounds * 50000 - length);
      child.stdin!.write("g");
    });
    await new Promise((resolve) => child.once("close", resolve));
    expect(missing).toEqual(Array.from({ length: 200 }, () => 0));
  });
});
