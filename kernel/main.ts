import { setFlagsFromString } from "node:v8";
import { ConnectionError } from "./channels/connection.js";
import { accessWarning, readConnectionFile } from "./channels/connection-file.js";
import { startKernel } from "./supervisor.js";

// The supervisor hands messages on and keeps few: room for young objects that does not grow costs it no time that can be
// measured, and saves 10 MB in a long session. Set here, so that the user process does not inherit it.
setFlagsFromString("--semi-space-growth-factor=1");

// The program that Jupyter starts: `node dist/kernel/main.js CONNECTION_FILE`.
try {
  const [file] = process.argv.slice(2);
  if (!file) throw new ConnectionError("etude: expected a connection file as the only argument. Jupyter passes it.");
  const start = readConnectionFile(file);
  const warning = accessWarning(file);
  if (warning) process.stderr.write(`etude: ${warning}\n`);
  await startKernel(start);
} catch (error) {
  if (!(error instanceof ConnectionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
