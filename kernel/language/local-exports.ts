import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ExportedAs, type Importable, importable } from "./import-source.js";

/** A notebook's folder may hold anything: what comes after so much is not looked at. */
const maxFolders = 50;
const maxFiles = 200;
const maxBytes = 500_000;

const declaration =
  /^export\s+(?:declare\s+)?(default\s+)?(?:abstract\s+|async\s+)*(?:const|let|var|function\b\*?|class|enum|interface|type|namespace)\s+([A-Za-z_$][\w$]*)/gm;
const list = /^export\s+(?:type\s+)?\{([^}]*)\}/gm;

interface SourceFile {
  readonly changed: number;
  readonly exports: readonly Importable[];
}

/** What the TypeScript and JavaScript files beside the notebook export. They are read when a name is looked for. */
export class LocalExports {
  #files = new Map<string, SourceFile>();

  constructor(readonly folder: string) {}

  all(): Importable[] {
    const files = new Map<string, SourceFile>();
    for (const path of sourcesIn(this.folder)) {
      const file = this.#read(path);
      if (file) files.set(path, file);
    }
    this.#files = files;
    return [...files.values()].flatMap(({ exports }) => exports);
  }

  #read(path: string): SourceFile | undefined {
    try {
      const { mtimeMs: changed, size } = statSync(join(this.folder, path));
      const known = this.#files.get(path);
      if (known?.changed === changed) return known;
      const source = size <= maxBytes ? readFileSync(join(this.folder, path), "utf8") : "";
      return { changed, exports: exportsOf(source, path) };
    } catch {
      return undefined; // it went away since the folder was listed, or is not ours to read
    }
  }
}

/** The nearest files first. */
function sourcesIn(root: string): string[] {
  const files: string[] = [];
  const folders = ["."];
  for (const folder of folders) {
    for (const entry of entriesOf(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      if (entry.isDirectory() && folders.length < maxFolders) folders.push(path);
      else if (entry.isFile() && /(?<!\.d)\.[mc]?[jt]sx?$/.test(entry.name)) files.push(path);
      if (files.length === maxFiles) return files;
    }
  }
  return files;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not ours to read
  }
}

function exportsOf(source: string, path: string): Importable[] {
  const declared = [...source.matchAll(declaration)].map(([, isDefault, name]): [string, ExportedAs] => [
    name!,
    isDefault ? "default" : "named",
  ]);
  const listed = [...source.matchAll(list)].flatMap(([, names]) =>
    names!.split(",").flatMap((item): [string, ExportedAs][] => {
      const name = item.trim().match(/(?:^|\s)([A-Za-z_$][\w$]*)$/)?.[1];
      return name === undefined || name === "default" ? [] : [[name, "named"]];
    }),
  );
  const all = new Map([...declared, ...listed]);
  return [...all].map(([name, exportedAs]) => importable(name, path, exportedAs));
}
