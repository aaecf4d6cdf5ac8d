import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel | undefined;
afterEach(() => kernel?.stop());

const onLinux = process.platform === "linux" ? describe : describe.skip;

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** All of a kernel: the supervisor, the user process, TypeScript, and a child of the user's. */
async function allOf({ launched, run }: Pick<TestKernel, "launched" | "run">): Promise<number[]> {
  await run('import { spawn } from "node:child_process"; const child = spawn("sleep", ["600"]); child.pid');
  const pid = launched.process.pid!;
  for (;;) {
    const all = [pid, ...descendants(pid)];
    const names = all.map((each) => readFileSync(`/proc/${each}/cmdline`, "utf8"));
    if (["runner/main.js", "--lsp", "sleep"].every((word) => names.some((name) => name.includes(word)))) return all;
    await delay(20); // TypeScript starts a moment after the first cell
  }
}

/** Settles when the processes have ended; the test's own time limit is the only bound. */
async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await delay(20);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function started(options: Parameters<typeof TestKernel.start>[0] = {}) {
  kernel = await TestKernel.start({ detached: true, ...options });
  const all = await allOf({ launched: kernel.launched, run: kernel.run.bind(kernel) });
  return { kernel, all };
}

onLinux("a signal to the kernel's whole process group", () => {
  it("SIGINT stops the cell, and supervisor, user process and TypeScript live on", async () => {
    const { kernel, all } = await started();
    await kernel.run("const kept = 42");
    const { done } = await kernel.begin('console.log("begun"); while (true) {}', "begun");
    process.kill(-kernel.launched.process.pid!, "SIGINT");
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect((await kernel.run("kept")).result).toBe("42");
    expect(all.filter((pid) => !isAlive(pid))).toEqual([]);
  });

  it("SIGINT while nothing runs ends nothing", async () => {
    const { kernel, all } = await started();
    for (let i = 0; i < 3; i++) process.kill(-kernel.launched.process.pid!, "SIGINT");
    expect((await kernel.run("1 + 1")).result).toBe("2");
    expect(all.filter((pid) => !isAlive(pid))).toEqual([]);
  });

  it.each(["SIGTERM", "SIGHUP", "SIGKILL"] as const)("%s ends all of them", async (signal) => {
    const { kernel, all } = await started();
    const { done } = await kernel.begin("while (true) {}");
    done.catch(() => {}); // the kernel ends before the cell
    process.kill(-kernel.launched.process.pid!, signal);
    await gone(all);
  });
});

onLinux("when the process that JPY_PARENT_PID names is gone", () => {
  it.each([
    ["an idle kernel", "1"],
    ["a kernel in a busy loop", "while (true) {}"],
    ["a kernel that waits", "await new Promise(() => {})"],
    ["a kernel in native code", 'import { execFileSync } from "node:child_process"; execFileSync("sleep", ["600"])'],
  ])("%s ends, with all that it started", async (_, code) => {
    const parent: ChildProcess = spawn("sleep", ["600"]);
    const { kernel, all } = await started({ env: { JPY_PARENT_PID: String(parent.pid) } });
    const { done } = await kernel.begin(code);
    done.catch(() => {}); // the kernel ends before the cell
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await gone(all);
  });
});

onLinux("what a cell started", () => {
  it("ends with the user process, however that ends", async () => {
    const { kernel } = await started();
    const child = Number((await kernel.run("child.pid")).result);
    await kernel.run("process.exit(3)");
    await gone([child]);
    expect((await kernel.run("1 + 1")).result).toBe("2");
  });
});
