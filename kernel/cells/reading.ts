import type * as acorn from "acorn";

/** How a name came to be at the top level. */
export type DeclarationKind = "const" | "let" | "var" | "function" | "class" | "enum" | "namespace" | "import";

/** A use of a name that no inner scope declares. */
export interface Reference {
  readonly node: acorn.Identifier;
  readonly isWrite: boolean;
  /** `x += 1` or `x++`, which read and write. */
  readonly update?: acorn.AssignmentExpression | acorn.UpdateExpression;
  /** In `{ x }`, where the name is a key as well. */
  readonly isShorthand?: boolean;
}

/** What one pass over a program finds; nodes in the order of the text, outer before inner. */
export class Reading {
  readonly declared = new Map<string, DeclarationKind>();
  readonly references: Reference[] = [];
  /** The `var` declarations that belong to the top level, in blocks and in heads of loops too. */
  readonly vars: { readonly node: acorn.VariableDeclaration; readonly isHead: boolean }[] = [];
  readonly awaits: acorn.AwaitExpression[] = [];
  /** Loops, with the statement that has their labels. */
  readonly forAwaits: { readonly loop: acorn.ForOfStatement; readonly statement: acorn.Statement }[] = [];
  /** Those with an `await` and a `catch`. */
  readonly tries: acorn.TryStatement[] = [];
  readonly imports: acorn.ImportExpression[] = [];
  readonly metas: acorn.MetaProperty[] = [];
  awaitsAtTop = false;
}

/** The names that a pattern binds. */
export function namesOf(pattern: acorn.Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? namesOf(element) : []));
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    case "MemberExpression":
      return [];
  }
}
