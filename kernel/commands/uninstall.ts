import { parseArgs } from "node:util";
import type { Command } from "./command.js";
import { placeFolder, placeOptions } from "./install-place.js";
import { removeKernelspec } from "./kernelspec.js";

/** `etude uninstall`: removes what `etude install` with the same options wrote. */
export const uninstall: Command = {
  help: `Usage: etude uninstall [--user | --sys-prefix | --prefix DIR] [--name NAME]

Removes the kernel from the place where etude install with the same options wrote it.`,

  async run(args) {
    const { values } = parseArgs({ args: [...args], options: placeOptions });
    console.log(`Removed ${await removeKernelspec(placeFolder(values), values.name)}`);
    return 0;
  },
};
