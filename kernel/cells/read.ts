import type * as acorn from "acorn";
import { type ImportStatement, importedNames, isImport } from "./import-text.js";
import type { DeclarationKind, Reading, Reference } from "./reading.js";
import { Scopes } from "./scopes.js";

type Node = acorn.AnyNode;
type NodeOf<T extends Node["type"]> = Extract<Node, { readonly type: T }>;
type Visitors = { readonly [T in Node["type"]]?: (node: NodeOf<T>, scopes: Scopes) => void };

/** Finds what a parsed program declares at its top level, what it uses from outside, and where it awaits. */
export function read(program: acorn.Program): Reading {
  const scopes = new Scopes();
  visitAll(program.body, scopes);
  return scopes.end();
}

function visitAll(nodes: readonly (Node | null | undefined)[], scopes: Scopes): void {
  for (const node of nodes) if (node) visit(node, scopes);
}

function visit(node: Node, scopes: Scopes): void {
  const visitor = visitors[node.type] as ((node: Node, scopes: Scopes) => void) | undefined;
  if (visitor) visitor(node, scopes);
  else visitChildren(node, scopes);
}

function visitChildren(node: Node, scopes: Scopes): void {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) visitAll(value, scopes);
    else if (typeof value?.type === "string") visit(value, scopes);
  }
}

const nothing = () => {};

/** The nodes that are more than the sum of their children. */
const visitors: Visitors = {
  Literal: nothing,
  BreakStatement: nothing,
  ContinueStatement: nothing,
  Identifier: (node, scopes) => scopes.refer({ node, isWrite: false }),

  MemberExpression({ object, property, computed }, scopes) {
    visitAll([object, computed ? property : null], scopes);
  },
  MethodDefinition({ key, value, computed }, scopes) {
    visitAll([computed ? key : null, value], scopes);
  },
  PropertyDefinition({ key, value, computed }, scopes) {
    if (computed) visit(key, scopes);
    scopes.inFunction(() => visitAll([value], scopes));
  },
  Property({ key, value, computed, shorthand }, scopes) {
    if (computed) visit(key, scopes);
    if (shorthand && value.type === "Identifier") scopes.refer({ node: value, isWrite: false, isShorthand: true });
    else visit(value, scopes);
  },

  AssignmentExpression(node, scopes) {
    if (node.operator !== "=" && node.left.type === "Identifier") {
      scopes.refer({ node: node.left, isWrite: true, update: node });
    } else {
      visitTarget(node.left, scopes);
    }
    visit(node.right, scopes);
  },
  UpdateExpression(node, scopes) {
    if (node.argument.type !== "Identifier") visit(node.argument, scopes);
    else scopes.refer({ node: node.argument, isWrite: true, update: node });
  },
  AwaitExpression(node, scopes) {
    scopes.reading.awaits.push(node);
    scopes.sawAwait();
    visit(node.argument, scopes);
  },
  ImportExpression(node, scopes) {
    scopes.reading.imports.push(node);
    visitAll([node.source, node.options], scopes);
  },
  MetaProperty(node, scopes) {
    if (node.meta.name === "import") scopes.reading.metas.push(node);
  },

  VariableDeclaration: (node, scopes) => visitVariables(node, false, scopes),
  FunctionDeclaration(node, scopes) {
    if (node.id) scopes.declare(node.id.name, "function");
    visitFunction(node, null, scopes);
  },
  FunctionExpression: (node, scopes) => visitFunction(node, node.id?.name ?? null, scopes),
  ArrowFunctionExpression: (node, scopes) => visitFunction(node, null, scopes),
  ClassDeclaration(node, scopes) {
    if (node.id) scopes.declare(node.id.name, "class");
    visitClass(node, scopes);
  },
  ClassExpression: (node, scopes) => visitClass(node, scopes),
  StaticBlock: ({ body }, scopes) => scopes.inFunction(() => visitAll(body, scopes)),

  BlockStatement: ({ body }, scopes) => scopes.inBlock(() => visitAll(body, scopes)),
  SwitchStatement({ discriminant, cases }, scopes) {
    visit(discriminant, scopes);
    scopes.inBlock(() => visitAll(cases, scopes));
  },
  TryStatement(node, scopes) {
    const { tries } = scopes.reading;
    const { awaits } = scopes;
    const place = tries.length;
    visit(node.block, scopes);
    if (node.handler && scopes.awaits > awaits) tries.splice(place, 0, node);
    visitAll([node.handler, node.finalizer], scopes);
  },
  CatchClause: ({ param, body }, scopes) =>
    scopes.inBlock(() => {
      if (param) visitBinding(param, "let", scopes);
      visit(body, scopes);
    }),
  ForStatement: ({ init, test, update, body }, scopes) =>
    scopes.inBlock(() => {
      if (init?.type === "VariableDeclaration") visitVariables(init, true, scopes);
      else visitAll([init], scopes);
      visitAll([test, update, body], scopes);
    }),
  ForInStatement: (node, scopes) => visitForEach(node, node, scopes),
  ForOfStatement: (node, scopes) => visitForEach(node, node, scopes),
  LabeledStatement(node, scopes) {
    let statement = node.body;
    while (statement.type === "LabeledStatement") statement = statement.body;
    if (statement.type === "ForOfStatement") visitForEach(statement, node, scopes);
    else visit(statement, scopes);
  },

  ImportDeclaration: declareImports,
  ExportAllDeclaration: declareImports,
  ExportNamedDeclaration(node, scopes) {
    if (isImport(node)) declareImports(node, scopes);
    else if (node.declaration) visit(node.declaration, scopes);
    else
      visitAll(
        node.specifiers.map(({ local }) => local),
        scopes,
      );
  },
};

function declareImports(node: ImportStatement, scopes: Scopes): void {
  for (const { name } of importedNames(node)) scopes.declare(name, "import");
}

function visitFunction({ params, body }: acorn.Function, ownName: string | null, scopes: Scopes): void {
  scopes.inFunction(() => {
    if (ownName) scopes.declare(ownName, "let");
    for (const parameter of params) visitBinding(parameter, "let", scopes);
    // Parameters and the body of a function cannot declare the same name with `let`: one scope for both.
    if (body.type === "BlockStatement") visitAll(body.body, scopes);
    else visit(body, scopes);
  });
}

function visitClass({ id, superClass, body }: acorn.Class, scopes: Scopes): void {
  scopes.inBlock(() => {
    if (id) scopes.declare(id.name, "let");
    visitAll([superClass, body], scopes);
  });
}

function visitForEach(
  loop: acorn.ForInStatement | acorn.ForOfStatement,
  statement: acorn.Statement,
  scopes: Scopes,
): void {
  if (loop.type === "ForOfStatement" && loop.await) {
    scopes.reading.forAwaits.push({ loop, statement });
    scopes.sawAwait();
  }
  scopes.inBlock(() => {
    if (loop.left.type === "VariableDeclaration") visitVariables(loop.left, true, scopes);
    else visitTarget(loop.left, scopes);
    visitAll([loop.right, loop.body], scopes);
  });
}

function visitVariables(node: acorn.VariableDeclaration, isHead: boolean, scopes: Scopes): void {
  const kind = node.kind === "var" || node.kind === "let" ? node.kind : "const";
  if (kind === "var" && scopes.isAtTop) scopes.reading.vars.push({ node, isHead });
  for (const { id, init } of node.declarations) {
    visitBinding(id, kind, scopes);
    visitAll([init], scopes);
  }
}

function visitBinding(pattern: acorn.Pattern, kind: DeclarationKind, scopes: Scopes): void {
  visitPattern(pattern, scopes, ({ node }) => scopes.declare(node.name, kind));
}

function visitTarget(pattern: acorn.Pattern, scopes: Scopes): void {
  visitPattern(pattern, scopes, (reference) => scopes.refer(reference));
}

/** Hands over the names of a pattern; its defaults and computed keys are expressions. */
function visitPattern(pattern: acorn.Pattern, scopes: Scopes, onName: (reference: Reference) => void): void {
  switch (pattern.type) {
    case "Identifier":
      onName({ node: pattern, isWrite: true });
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "RestElement") visitPattern(property, scopes, onName);
        else visitProperty(property, scopes, onName);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element) visitPattern(element, scopes, onName);
      break;
    case "AssignmentPattern":
      visitPattern(pattern.left, scopes, onName);
      visit(pattern.right, scopes);
      break;
    case "RestElement":
      visitPattern(pattern.argument, scopes, onName);
      break;
    case "MemberExpression":
      visit(pattern, scopes);
  }
}

function visitProperty(
  { key, value, computed, shorthand }: acorn.AssignmentProperty,
  scopes: Scopes,
  onName: (reference: Reference) => void,
): void {
  if (computed) visit(key, scopes);
  visitPattern(value, scopes, (reference) => onName(shorthand ? { ...reference, isShorthand: true } : reference));
}
