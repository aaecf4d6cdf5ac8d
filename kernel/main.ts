import { ConnectionError, readConnectionFile } from "./channels/connection.js";
import { startKernel } from "./supervisor.js";

// The program that Jupyter starts: `node dist/kernel/main.js CONNECTION_FILE`.
try {
  const [file] = process.argv.slice(2);
  if (!file) throw new ConnectionError("etude: expected a connection file as the only argument. Jupyter passes it.");
  await startKernel(readConnectionFile(file));
} catch (error) {
  if (!(error instanceof ConnectionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
