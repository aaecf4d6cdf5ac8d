import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Everything that a test run leaves behind; git does not see it. */
export const scratch = join(root, ".test");

/** Runs a program to its end and collects what it says on both streams; after its minutes it is stopped. */
export function program(command, args, { env = {}, minutes = 5 } = {}) {
  return new Promise((resolve) => {
    const limit = minutes * 60_000;
    const started = Date.now();
    const options = { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], timeout: limit };
    const child = spawn(command, args, options);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
    child.once("error", (error) => resolve({ code: 1, text: error.message }));
    child.once("exit", async (code) => {
      // Its last words may still be on their way; a process that it left behind may hold the pipes for ever.
      await Promise.race([once(child, "close"), delay(2000)]);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      const late = Date.now() - started >= limit ? `\n${command} did not end within ${minutes} minutes.` : "";
      resolve({ code: code ?? 1, text: text + late });
    });
  });
}

export function node(args, options) {
  return program(process.execPath, args, options);
}
