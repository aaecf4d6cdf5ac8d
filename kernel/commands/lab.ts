import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EtudeError } from "../../src/core/errors.js";
import { packageRoot } from "../../src/core/package-root.js";
import type { Command } from "./command.js";
import { type JupyterLab, jupyterLabs, neededLab } from "./find-jupyter-lab.js";
import { freePort } from "./free-port.js";
import { LabServer } from "./lab-server.js";
import { setUpJupyterLab } from "./set-up-jupyter-lab.js";
import { stopSignal } from "./stop-signal.js";
import { isAtLeast } from "./version.js";

/** `etude lab`: JupyterLab with this kernel in it, until a signal ends it; nothing is installed outside private folders. */
export const lab: Command = {
  help: `Usage: etude lab [--no-browser] [--port N] [folder]

Opens JupyterLab on the tutorials of this package, or on a folder of yours. Uses the JupyterLab that is active or on
PATH if it is ${neededLab} or newer; otherwise sets one up in a private environment, once. Ctrl-C ends it with its kernels.

  --no-browser  print the address and open no browser
  --port N      listen there (default: 8888, or the next free one)`,

  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { "no-browser": { type: "boolean" }, port: { type: "string" } },
      allowPositionals: true,
    });
    if (positionals.length > 1) throw new EtudeError(`one folder at most, got ${positionals.length}.`);
    const folder = resolve(positionals[0] ?? join(packageRoot, "notebooks"));
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new EtudeError(`${JSON.stringify(folder)} is not a folder. Name the one with your notebooks.`);
    const port = values.port === undefined ? undefined : await freePort(values.port);
    const stop = stopSignal();
    try {
      const { program } = await needJupyterLab(stop);
      return await serve({ program, folder, port, browser: !values["no-browser"] }, stop);
    } catch (error) {
      if (stop.aborted) return 0;
      throw error;
    }
  },
};

async function needJupyterLab(stop: AbortSignal): Promise<JupyterLab> {
  const found = await findJupyterLab();
  if (found !== undefined) return found;
  await setUpJupyterLab(stop);
  const made = await findJupyterLab();
  if (made === undefined) throw new EtudeError("the JupyterLab just set up does not start. Run etude doctor.");
  return made;
}

async function findJupyterLab(): Promise<JupyterLab | undefined> {
  for await (const found of jupyterLabs()) {
    if (isAtLeast(found.version, neededLab)) return found;
    console.log(`${found.program} is version ${found.version}, older than ${neededLab}: not used.`);
  }
  return undefined;
}

async function serve(options: Parameters<typeof LabServer.start>[0], stop: AbortSignal): Promise<number> {
  const asked = new Promise<"asked">((resolve) => stop.addEventListener("abort", () => resolve("asked")));
  stop.throwIfAborted();
  const server = await LabServer.start(options);
  const url = await Promise.race([server.url(), asked]);
  if (url === undefined) throw new EtudeError("JupyterLab ended before it served anything; what it said is above.");
  if (url !== "asked") console.log(`JupyterLab shows ${options.folder} until Ctrl-C:\n${url}`);
  const ending = await Promise.race([server.ended, asked]);
  if (ending !== "asked") return ending;
  await server.stop();
  return 0;
}
