import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EtudeError } from "../../src/core/errors.js";

/** A text of the file format: one string, or its lines with their line ends. */
export type MultilineText = string | readonly string[];

/** An output of a cell, with the field names of the file format (nbformat 4.5). */
export type CellOutput =
  | { readonly output_type: "stream"; readonly name: string; text: MultilineText }
  | { readonly output_type: "display_data"; data: MimeData; metadata: object }
  | { readonly output_type: "execute_result"; data: MimeData; metadata: object; readonly execution_count: number }
  | { readonly output_type: "error"; readonly ename: string; readonly evalue: string; readonly traceback: string[] };

export type MimeData = Readonly<Record<string, unknown>>;

export interface Cell {
  readonly id?: string;
  readonly cell_type: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: MultilineText;
  execution_count?: number | null;
  outputs?: CellOutput[];
}

export interface Notebook {
  cells: Cell[];
  metadata: { kernelspec?: { readonly language?: string; readonly display_name?: string }; language_info?: object };
  nbformat: number;
  nbformat_minor: number;
}

/** Reads a notebook of format 4. @throws EtudeError if the file is none. */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new EtudeError(`cannot read ${JSON.stringify(path)}: ${why}.`);
  });
  const notebook = parse(path, text);
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new EtudeError(`${JSON.stringify(path)} is not a notebook of format 4. Open and save it in JupyterLab once.`);
  }
  return notebook as Notebook;
}

/** Writes `notebook` as format 4.5 in one step: a reader sees the old file or the new one, never half of one. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  const cells = notebook.cells.map(({ id = randomBytes(4).toString("hex"), ...cell }) => ({
    id,
    ...cell,
    ...(cell.outputs && { outputs: cell.outputs.map(onDisk) }),
  }));
  const file = { ...notebook, cells, nbformat_minor: Math.max(5, notebook.nbformat_minor) };
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    await writeFile(draft, `${JSON.stringify(file, null, 1)}\n`);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new EtudeError(`cannot write ${JSON.stringify(path)}: ${(error as Error).message}.`);
  }
}

export function joined(text: MultilineText): string {
  return typeof text === "string" ? text : text.join("");
}

/** Texts stand in the file as lists of lines, so that a version control system shows what changed. */
function onDisk(output: CellOutput): CellOutput {
  if (output.output_type === "stream") return { ...output, text: lines(joined(output.text)) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => {
    const isText = mime.startsWith("text/") || mime === "image/svg+xml" || mime === "application/javascript";
    return [mime, isText && typeof value === "string" ? lines(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) as MimeData };
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function parse(path: string, text: string): Partial<Notebook> | null {
  try {
    return JSON.parse(text) as Partial<Notebook> | null;
  } catch {
    throw new EtudeError(`${JSON.stringify(path)} is not a notebook: its text is not JSON.`);
  }
}
