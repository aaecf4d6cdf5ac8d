import type { Command } from "./command.js";
import { checkKernel, checkKernelspecs, checkNode, checkTypeScript, checkZeromq } from "./doctor-checks.js";
import { checkJupyter } from "./doctor-jupyter.js";
import { checkNative } from "./doctor-native.js";

const checks = [checkNode, checkZeromq, checkTypeScript, checkKernel, checkNative, checkKernelspecs, checkJupyter];

/** `etude doctor`: checks what Etude stands on, piece by piece. */
export const doctor: Command = {
  help: `Usage: etude doctor

Checks Node.js, ZeroMQ, TypeScript, a real kernel with its tensor backend, the native TensorFlow if there is one, the
installed kernelspecs and the JupyterLab that etude lab would use. Exit code 1 if something is to be repaired.`,

  async run() {
    let faults = 0;
    for (const check of checks) {
      for (const finding of await check()) {
        console.log(finding.ok ? `ok     ${finding.what}` : `fault  ${finding.what}\n       ${finding.repair}`);
        if (!finding.ok) faults++;
      }
    }
    return faults === 0 ? 0 : 1;
  },
};
