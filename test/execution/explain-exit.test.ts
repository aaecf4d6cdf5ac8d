import { describe, expect, it } from "@jest/globals";
import { explainExit } from "../../kernel/execution/explain-exit.js";

describe("the end of the user process is explained", () => {
  it.each([
    [{ code: 3, signal: null, lastWords: "" }, "process.exit(3)"],
    [{ code: null, signal: "SIGSEGV", lastWords: "" }, "native module crashed"],
    [{ code: null, signal: "SIGKILL", lastWords: "" }, "memory runs out"],
    [{ code: null, signal: "SIGABRT", lastWords: "FATAL ERROR: Reached heap limit" }, "--max-old-space-size"],
  ] as const)("%j", (exit, cause) => {
    const text = explainExit({ ...exit, stopped: false, memory: 2_000_000_000 });
    expect(text).toContain(cause);
    expect(text).toContain("2000 MB");
    expect(text).toContain("lost");
  });

  it("when it was the second Stop", () => {
    const text = explainExit({ code: null, signal: "SIGKILL", stopped: true, lastWords: "", memory: 1 });
    expect(text).toMatch(/^The second Stop ended the process.*lost/);
  });
});
