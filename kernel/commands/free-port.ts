import { once } from "node:events";
import { createServer } from "node:net";
import { EtudeError } from "../../src/core/errors.js";

/** Returns the number in `text` if a server may listen there now. @throws EtudeError in one sentence otherwise. */
export async function freePort(text: string): Promise<number> {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new EtudeError(`--port must be an integer from 1 to 65535, got ${JSON.stringify(text)}.`);
  }
  for (const host of ["127.0.0.1", "::1"]) {
    const code = await listenOnce(port, host);
    if (code === "EADDRINUSE") throw new EtudeError(`port ${port} is taken by another program. Use another --port.`);
    if (code === "EACCES") throw new EtudeError(`port ${port} needs more rights than yours. Use a --port above 1023.`);
  }
  return port;
}

/** The error code of listening there; a machine without IPv6 has one too, which says nothing about the port. */
async function listenOnce(port: number, host: string): Promise<string | undefined> {
  const server = createServer().listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  server.close();
  await once(server, "close");
  return undefined;
}
