import { EtudeError } from "../../src/core/errors.js";
import type { Cell, Notebook } from "./notebook-file.js";

/**
 * Puts a cell with `name = value` lines after the cell tagged `parameters`, as papermill does (its tags are used, so a
 * second run replaces the cell of the first).
 *
 * A value is read as JSON where it is JSON, and is a text otherwise.
 * @throws EtudeError if an assignment is not `name=value` or no cell is tagged.
 */
export function injectParameters(notebook: Notebook, assignments: readonly string[]): void {
  if (assignments.length === 0) return;
  const source = assignments.map(declaration).join("\n");
  const cells = notebook.cells.filter((cell) => !isTagged(cell, "injected-parameters"));
  const at = cells.findIndex((cell) => isTagged(cell, "parameters"));
  if (at < 0) throw new EtudeError('-p needs a cell tagged "parameters" in the notebook, and none is.');
  const injected = { cell_type: "code", metadata: { tags: ["injected-parameters"] }, source };
  notebook.cells = cells.toSpliced(at + 1, 0, injected);
}

function declaration(assignment: string): string {
  const [, name, text] = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(assignment) ?? [];
  if (name === undefined || text === undefined) {
    throw new EtudeError(`-p must be name=value, got ${JSON.stringify(assignment)}.`);
  }
  return `let ${name} = ${isJson(text) ? text : JSON.stringify(text)};`;
}

function isTagged(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
