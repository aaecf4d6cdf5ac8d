import type * as acorn from "acorn";
import type { MergedParts } from "./merged-parts.js";
import { declarationOf, type TopLevel } from "./statements.js";

/**
 * The statement whose value the cell shows: the last one, if it is an expression that the user wrote.
 */
export function resultOf(
  body: readonly TopLevel[],
  parts: MergedParts,
  isGenerated: (name: string) => boolean,
): TopLevel | null {
  const afterUsing = body.find((statement) => statement.type === "TryStatement" && disposes(statement, isGenerated));
  if (afterUsing?.type === "TryStatement") return resultOf(afterUsing.block.body, parts, isGenerated);
  const last = body.findLast((statement) => !isNothing(statement, parts));
  switch (last?.type) {
    case "ExpressionStatement":
      return parts.calls.has(last) || callsGenerated(last.expression, isGenerated) ? null : last;
    case "ExportDefaultDeclaration":
      return "id" in last.declaration && last.declaration.id ? null : last;
    default:
      return null;
  }
}

/** What a transform leaves at the end: `;`, `export {}` for exports that were types, swc's `var N;` for a namespace. */
function isNothing(statement: TopLevel, { kinds }: MergedParts): boolean {
  const node = declarationOf(statement);
  if (node.type === "EmptyStatement") return true;
  if (node.type === "ExportNamedDeclaration") return !node.source && node.specifiers.length === 0;
  return (
    node.type === "VariableDeclaration" &&
    node.declarations.every(({ id, init }) => !init && id.type === "Identifier" && kinds.get(id.name) === "namespace")
  );
}

/** Whether a `try` is what the rest of the cell after a `using` became. */
function disposes(statement: acorn.TryStatement, isGenerated: (name: string) => boolean): boolean {
  const [first] = statement.finalizer?.body ?? [];
  if (first?.type === "ExpressionStatement") return callsGenerated(first.expression, isGenerated);
  if (first?.type !== "VariableDeclaration") return false;
  const { init } = first.declarations[0]!;
  return init != null && callsGenerated(init, isGenerated);
}

/** Whether an expression, or the value of an assignment, is the call of a helper that the transform brought. */
function callsGenerated(expression: acorn.Expression, isGenerated: (name: string) => boolean): boolean {
  if (expression.type === "AssignmentExpression") return callsGenerated(expression.right, isGenerated);
  if (expression.type === "AwaitExpression") return callsGenerated(expression.argument, isGenerated);
  if (expression.type !== "CallExpression") return false;
  const { callee } = expression;
  if (callee.type === "MemberExpression") return callee.object.type === "Identifier" && isGenerated(callee.object.name);
  return callee.type === "Identifier" && isGenerated(callee.name);
}
