import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EtudeError } from "../../src/core/errors.js";
import type { NpmPackage, Wheel } from "./setup-plan.js";
import { type Ending, program } from "./setup-program.js";

interface Fetching {
  /** The folder for what is unpacked; downloads lie there for a while. */
  readonly folder: string;
  readonly python: string;
  readonly stop: AbortSignal;
}

// Wheels are zip files and npm's are tar files; Python, which is here for pip, reads both.
const unpackWheel = `
import sys, zipfile
path, folder, *keep = sys.argv[1:]
with zipfile.ZipFile(path) as wheel:
    names = [n for n in wheel.namelist() if any(n == k or (k.endswith("/") and n.startswith(k)) for k in keep)]
    missing = [k for k in keep if not any(n.startswith(k) for n in names)]
    if missing: sys.exit("the wheel has no " + ", ".join(missing))
    wheel.extractall(folder, names)
`;
const unpackTarball = `
import sys, tarfile
path, folder = sys.argv[1:]
with tarfile.open(path) as tar: tar.extractall(folder)
`;

/** Downloads one wheel with pip, which compares the checksum, and unpacks what is wanted of it. */
export async function fetchWheel(wheel: Wheel, platforms: readonly string[], fetching: Fetching): Promise<void> {
  const { folder, python, stop } = fetching;
  const what = `${wheel.name} ${wheel.version}`;
  const downloads = join(folder, "downloads");
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const ending = await program(
    python,
    [
      ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps"],
      ...["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.12"],
      ...platforms.flatMap((tag) => ["--platform", tag]),
      ...["--require-hashes", "--requirement", requirements, "--dest", downloads],
    ],
    { stop, env: { TMPDIR: folder } }, // /tmp may be small
  );
  if (ending.code !== 0) throw new EtudeError(`${what} could not be fetched: ${explainPip(ending.stderr)}`);
  const [file] = await readdir(downloads);
  await unpack(
    what,
    await program(python, ["-c", unpackWheel, join(downloads, file!), folder, ...wheel.keep], { stop }),
  );
  await rm(downloads, { recursive: true });
  await rm(requirements);
}

/** Downloads an npm package without its dependencies and scripts; its files lie in `package/` of the folder `into`. */
export async function fetchPackage(wanted: NpmPackage, into: string, fetching: Fetching): Promise<void> {
  const { folder, python, stop } = fetching;
  const what = `${wanted.name} ${wanted.version}`;
  const args = ["pack", `${wanted.name}@${wanted.version}`, "--json", "--ignore-scripts", "--pack-destination", folder];
  const ending = await program("npm", args, { stop, cwd: folder });
  if (ending.code !== 0) throw new EtudeError(`${what} could not be fetched: ${explainNpm(ending.stderr)}`);
  const [{ filename }] = JSON.parse(ending.stdout) as [{ filename: string }];
  const path = join(folder, filename);
  const integrity = `sha512-${createHash("sha512")
    .update(await readFile(path))
    .digest("base64")}`;
  if (integrity !== wanted.integrity) throw new EtudeError(`${what} could not be fetched: ${wrongChecksum}`);
  await unpack(what, await program(python, ["-c", unpackTarball, path, into], { stop }));
  await rm(path);
}

async function unpack(what: string, { code, stderr }: Ending): Promise<void> {
  if (code === 0) return;
  const reason = /No space left/.test(stderr) ? noSpace : `${lastLine(stderr)}.`;
  throw new EtudeError(`${what} could not be unpacked: ${reason}`);
}

const noSpace = "the disk is full. Make room, or set ETUDE_NATIVE to a folder on another disk.";
const noNetwork = "the network or the registry does not answer. Try again, or set a proxy or a mirror.";
const wrongChecksum =
  "its checksum is not the expected one, so it was not used. Look at the mirror or proxy in between.";

/** What pip means by its many lines, in one sentence. */
export function explainPip(stderr: string): string {
  if (/No space left/.test(stderr)) return noSpace;
  if (/DO NOT MATCH THE HASHES/i.test(stderr)) return wrongChecksum;
  if (/connection broken|ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Max retries/i.test(stderr)) {
    return noNetwork;
  }
  if (/No matching distribution|Could not find a version/.test(stderr)) {
    return "pip's index has no such wheel for this platform. Look at the mirror that pip is set to (pip config list).";
  }
  return `${lastLine(stderr)}.`;
}

/** What npm means by its many lines, in one sentence. */
export function explainNpm(stderr: string): string {
  if (/\bENOSPC\b/.test(stderr)) return noSpace;
  if (/\bEINTEGRITY\b/.test(stderr)) return wrongChecksum;
  if (/\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN)\b/.test(stderr)) return noNetwork;
  if (/\bE404\b/.test(stderr)) {
    return "npm's registry has no such package. Look at the mirror that npm is set to (npm config get registry).";
  }
  return `${lastLine(stderr)}.`;
}

function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1)!;
  return line.replace(/^(ERROR: |npm error )/, "").replace(/\.$/, "") || "no reason was given";
}
