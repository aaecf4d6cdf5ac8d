import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Execution } from "../../kernel/execution/execution.js";
import { History } from "../../kernel/execution/history.js";
import type { ExecuteRequest } from "../../kernel/protocol/execute.js";
import type { Message } from "../../kernel/protocol/message.js";

describe("a user process that cannot start", () => {
  it("is an error of each cell, and is tried again by the next cell only", async () => {
    const folder = mkdtempSync(join(tmpdir(), "etude-execution-"));
    const starts = join(folder, "starts");
    const program = join(folder, "ends.mjs");
    writeFileSync(
      program,
      `import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(starts)}, "x"); process.exit(7);`,
    );
    const history = new History(join(folder, "history.jsonl"), () => {});
    const execution = new Execution({ program, folder, history, publish: () => {}, ask: () => {}, log: () => {} });
    const cell = () => {
      const header = { session: "s", date: new Date().toISOString() };
      const request = { headerText: "{}", header, metadata: {}, content: { code: "1" } } as Message<ExecuteRequest>;
      return new Promise((resolve) => execution.queue.push(header, async () => resolve(await execution.run(request))));
    };
    execution.start();
    for (let i = 0; i < 2; i++) {
      expect(await cell()).toMatchObject({ status: "error", ename: "ProcessEnded" });
      execution.interrupt();
      expect(await execution.complete("a", 1)).toBeUndefined();
    }
    await history.saved();
    expect(readFileSync(starts, "utf8").length).toBe(2);
  });
});
