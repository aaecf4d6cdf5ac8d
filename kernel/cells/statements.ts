import type * as acorn from "acorn";

/** A statement at the top level of a cell or file. */
export type TopLevel = acorn.Program["body"][number];

/** What a statement declares, or exports and declares; the statement itself if that is nothing. */
export function declarationOf(statement: TopLevel) {
  const isExport = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  return (isExport && statement.declaration) || statement;
}
