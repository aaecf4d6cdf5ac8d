import { parseArgs } from "node:util";
import type { Command } from "./command.js";
import { placeFolder, placeOptions } from "./install-place.js";
import { writeKernelspec } from "./kernelspec.js";

/** `etude install`: adds the kernel to a Jupyter that is already there; needs no Python. */
export const install: Command = {
  help: `Usage: etude install [--user | --sys-prefix | --prefix DIR] [--name NAME] [--display-name TEXT]

Adds the kernel to the Jupyter you have.

  --user               for you, in every Jupyter of yours (the default)
  --sys-prefix         in the active virtual or conda environment
  --prefix DIR         in DIR/share/jupyter/kernels
  --name NAME          what notebooks store (default: etude)
  --display-name TEXT  what Jupyter shows (default: TypeScript (Etude))`,

  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { ...placeOptions, "display-name": { type: "string" } } });
    const names = { name: values.name, displayName: values["display-name"] };
    console.log(`Installed the kernel in ${await writeKernelspec(placeFolder(values), names)}`);
    return 0;
  },
};
