import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EtudeError } from "../../src/core/errors.js";
import { packageRoot } from "../../src/core/package-root.js";

export interface KernelspecNames {
  /** The name that notebooks store. @default "etude" */
  readonly name?: string | undefined;
  /** The name that people see. @default "TypeScript (Etude)" */
  readonly displayName?: string | undefined;
}

/** What of a `kernel.json` is looked at again. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
}

const source = join(packageRoot, "kernelspec");
const logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/**
 * Writes `DATA/kernels/NAME/` with `kernel.json` and the logos, and returns that folder.
 *
 * Node and the kernel stand in `kernel.json` with absolute paths: a notebook server often has another PATH.
 * @throws EtudeError if the folder cannot be written or holds another kernel.
 */
export async function writeKernelspec(dataFolder: string, names: KernelspecNames = {}): Promise<string> {
  const folder = kernelspecFolder(dataFolder, names.name);
  const old = await readKernelspec(folder);
  if (old !== undefined && !isOurs(old)) {
    throw new EtudeError(`${folder} holds another kernel, ${JSON.stringify(old.display_name)}. Use another --name.`);
  }
  const template = (await readKernelspec(source))!;
  const spec = {
    ...template,
    argv: [process.execPath, join(packageRoot, "dist", "kernel", "main.js"), "{connection_file}"],
    display_name: names.displayName ?? template.display_name,
  };
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(logos.map((logo) => copyFile(join(source, logo), join(folder, logo))));
    await writeFile(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EtudeError(`${folder} cannot be written (${code}). Use --prefix with a folder that you may write.`);
  }
  return folder;
}

/** Removes what {@link writeKernelspec} wrote and returns the folder. @throws EtudeError if no kernel of ours is there. */
export async function removeKernelspec(dataFolder: string, name?: string): Promise<string> {
  const folder = kernelspecFolder(dataFolder, name);
  const spec = await readKernelspec(folder);
  if (spec === undefined || !isOurs(spec)) {
    throw new EtudeError(`${folder} holds no kernel of Etude. Give the options that etude install was called with.`);
  }
  await rm(folder, { recursive: true });
  return folder;
}

/** The `kernel.json` in `folder`, or `undefined` when there is none that can be read as one. */
export async function readKernelspec(folder: string): Promise<Kernelspec | undefined> {
  const text = await readFile(join(folder, "kernel.json"), "utf8").catch(() => "{}");
  const spec = parse(text);
  return Array.isArray(spec?.argv) ? (spec as Kernelspec) : undefined;
}

/** Whether `spec` starts a kernel of Etude, of this checkout or of another. */
export function isOurs({ argv }: Kernelspec): boolean {
  const program = argv[1] ?? "";
  return basename(program) === "main.js" && basename(dirname(program)) === "kernel";
}

function kernelspecFolder(dataFolder: string, name = "etude"): string {
  if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name)) {
    throw new EtudeError(`--name must be letters, digits, dots, dashes and underscores, got ${JSON.stringify(name)}.`);
  }
  return join(dataFolder, "kernels", name);
}

function parse(text: string): { readonly argv?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly argv?: unknown };
  } catch {
    return undefined;
  }
}
