import type * as acorn from "acorn";
import { declarationOf, type TopLevel } from "./statements.js";

export interface MergedParts {
  /** Names that are an enum or a namespace and nothing else. */
  readonly kinds: ReadonlyMap<string, "enum" | "namespace">;
  /** `E || {}` of each first part: it would go on with what an earlier cell, or an earlier run, left under its name. */
  readonly toReset: readonly acorn.LogicalExpression[];
  /** The calls that namespaces became; they look like expressions. */
  readonly calls: ReadonlySet<TopLevel>;
}

/**
 * Finds enums, `var E = function(E) {...}(E || {})`, and namespaces, `(function(N) {...})(N || (N = {}))`. Parts of one
 * name in one cell go together, with a function or a class of that name too, as in TypeScript.
 */
export function mergedParts(body: readonly TopLevel[]): MergedParts {
  const kinds = new Map<string, "enum" | "namespace">();
  const toReset: acorn.LogicalExpression[] = [];
  const calls = new Set<TopLevel>();
  const begun = new Set(body.map((statement) => nameOf(statement, "FunctionDeclaration")));
  for (const statement of body) {
    begun.add(nameOf(statement, "ClassDeclaration"));
    const node = declarationOf(statement);
    const declarator = node.type === "VariableDeclaration" ? node.declarations[0] : undefined;
    const call = node.type === "ExpressionStatement" ? node.expression : declarator?.init;
    if (call?.type !== "CallExpression" || call.callee.type !== "FunctionExpression") continue;
    const [argument] = call.arguments;
    const name = declarator?.id.type === "Identifier" ? declarator.id.name : mergedName(argument);
    if (name === null || call.callee.params.length !== 1) continue;
    if (declarator && mergedName(argument) !== name && !isEmptyObject(argument)) continue;
    if (!declarator) calls.add(statement);
    if (begun.has(name)) continue;
    begun.add(name);
    kinds.set(name, declarator ? "enum" : "namespace");
    if (argument?.type === "LogicalExpression") toReset.push(argument);
  }
  return { kinds, toReset, calls };
}

function nameOf(statement: TopLevel, type: "FunctionDeclaration" | "ClassDeclaration"): string | undefined {
  const declaration = declarationOf(statement);
  return declaration.type === type ? declaration.id?.name : undefined;
}

/** The `N` of `N || {}` and `N || (N = {})`. */
function mergedName(argument: acorn.Expression | acorn.SpreadElement | undefined): string | null {
  if (argument?.type !== "LogicalExpression" || argument.operator !== "||") return null;
  const { left, right } = argument;
  const object = right.type === "AssignmentExpression" ? right.right : right;
  return left.type === "Identifier" && isEmptyObject(object) ? left.name : null;
}

function isEmptyObject(node: acorn.Expression | acorn.SpreadElement | undefined): boolean {
  return node?.type === "ObjectExpression" && node.properties.length === 0;
}
