import { EtudeError } from "../../src/core/errors.js";
import { findInstallation, nativeFolder } from "../../src/engine/native/installation.js";
import type { Finding } from "./finding.js";
import { selfTest } from "./setup-native.js";

/** The tensorflow backend, if there is one: whole, and able to compute. */
export async function checkNative(): Promise<Finding[]> {
  const folder = nativeFolder();
  const found = findInstallation(folder);
  if (found.state === "absent") {
    return [{ ok: true, what: "no tensorflow backend: wasm needs none, etude setup native builds one" }];
  }
  if (found.state === "broken") return [fault(folder, found.reason)];
  try {
    const { version, device } = await selfTest(folder, found.installation.device);
    return [{ ok: true, what: `the tensorflow backend computes: TensorFlow ${version}, ${device} (${folder})` }];
  } catch (error) {
    if (!(error instanceof EtudeError)) throw error;
    return [fault(folder, error.message)];
  }
}

function fault(folder: string, reason: string): Finding {
  const repair = "Build it again with etude setup native, or remove it with etude setup native --remove.";
  return { ok: false, what: `the tensorflow backend in ${folder} does not work: ${reason}`, repair };
}
