import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ownDataFolder } from "../../src/core/data-folder.js";
import { packageRoot } from "../../src/core/package-root.js";
import { userDataFolder } from "./jupyter-paths.js";
import { writeKernelspec } from "./kernelspec.js";

export interface LabOptions {
  readonly program: string;
  readonly folder: string;
  readonly port: number | undefined;
  readonly browser: boolean;
}

/** What Jupyter writes about a server of its. */
interface ServerInfo {
  readonly url: string;
  readonly port: number;
  readonly token: string;
}

// JupyterLab has its own process group, so that Ctrl-C in a terminal reaches us alone. It ends with us all the same:
// its standard input closes when we are gone, by kill -9 too, and this Jupyter configuration file listens for that.
const endWithParent = `import os, signal, threading

def end_with_parent():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)

if os.environ.pop("ETUDE_LAB", None):
    threading.Thread(target=end_with_parent, daemon=True).start()
`;

/** A JupyterLab of ours, whose notebooks find the kernel of this package without any installation. */
export class LabServer {
  /** Settles when JupyterLab has ended, with its exit code. */
  readonly ended: Promise<number>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, "exit").then(([code]) => (code as number | null) ?? 1);
  }

  static async start({ program, folder, port, browser }: LabOptions): Promise<LabServer> {
    const data = await writePrivateData();
    const args = [
      `--ServerApp.root_dir=${folder}`,
      "--ServerApp.log_level=WARN",
      "--LabApp.log_level=WARN",
      ...(port === undefined ? [] : [`--port=${port}`, "--ServerApp.port_retries=0"]),
      ...(browser ? [] : ["--no-browser"]),
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ];
    const env = {
      ...process.env,
      ETUDE_LAB: "1",
      JUPYTER_TOKEN: process.env.JUPYTER_TOKEN || randomBytes(24).toString("hex"), // given one, Jupyter prints no banner
      JUPYTER_PATH: before(data, process.env.JUPYTER_PATH),
      JUPYTER_CONFIG_PATH: before(join(data, "config"), process.env.JUPYTER_CONFIG_PATH),
    };
    return new LabServer(spawn(program, args, { env, stdio: ["pipe", "inherit", "inherit"], detached: true }));
  }

  /** The address with its token, once the server accepts connections; `undefined` if it ends before. */
  async url(): Promise<string | undefined> {
    const runtime = process.env.JUPYTER_RUNTIME_DIR || join(userDataFolder(), "runtime");
    const file = join(runtime, `jpserver-${this.child.pid}.json`);
    while (this.running) {
      const info = await readServerInfo(file);
      if (info && (await accepts(info))) return `${info.url}lab${info.token ? `?token=${info.token}` : ""}`;
      await delay(100);
    }
    return undefined;
  }

  /** Ends JupyterLab and its kernels, gently first. */
  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const gentle = await Promise.race([this.ended, delay(8000, "late" as const, { ref: false })]);
    if (gentle !== "late") return;
    process.kill(-this.child.pid!, "SIGKILL");
    await this.ended;
  }

  private get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** A folder for each copy of this package: two of them may serve side by side. */
async function writePrivateData(): Promise<string> {
  const id = createHash("sha256").update(packageRoot).digest("hex").slice(0, 12);
  const data = join(ownDataFolder(), "labs", id);
  await writeKernelspec(data);
  await mkdir(join(data, "config"), { recursive: true });
  await writeFile(join(data, "config", "jupyter_server_config.py"), endWithParent);
  return data;
}

function before(folder: string, list: string | undefined): string {
  return list ? `${folder}${delimiter}${list}` : folder;
}

/** Jupyter tells its address a moment before it listens there. */
async function accepts({ url, port }: ServerInfo): Promise<boolean> {
  const socket = connect(port, new URL(url).hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The file is written while we look: half of it is none of it. */
async function readServerInfo(file: string): Promise<ServerInfo | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as ServerInfo;
  } catch {
    return undefined;
  }
}
