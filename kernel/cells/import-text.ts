import type * as acorn from "acorn";

export type ImportStatement =
  | acorn.ImportDeclaration
  | acorn.ExportAllDeclaration
  | (acorn.ExportNamedDeclaration & { source: acorn.Literal });

export function isImport(node: acorn.AnyNode): node is ImportStatement {
  return (
    node.type === "ImportDeclaration" ||
    node.type === "ExportAllDeclaration" ||
    (node.type === "ExportNamedDeclaration" && node.source != null)
  );
}

/**
 * An import as assignments. A name that the module lacks is undefined, because it may be a type; a CommonJS module has
 * its names on the default export, where Node does not see all of them.
 * @param local - Where the value of a name goes.
 */
export function importText(statement: ImportStatement, runtime: string, local: (name: string) => string): string {
  const module = `${runtime}_at${statement.start}`;
  const specifier = JSON.stringify(statement.source.value);
  const attributes = statement.attributes.map(({ key, value }) => [
    key.type === "Identifier" ? key.name : key.value,
    value.value,
  ]);
  const options = attributes.length > 0 ? `,${JSON.stringify(Object.fromEntries(attributes))}` : "";
  const imported = `${runtime}.resume(${runtime}.generation(),await ${runtime}.import(${specifier}${options}))`;
  const bindings = importedNames(statement).map(({ name, from }) => {
    const key = JSON.stringify(from);
    const value =
      from === null
        ? module
        : from === "default"
          ? `${module}.default`
          : `${key} in ${module}?${module}[${key}]:${module}.default?.[${key}]`;
    return `${local(name)}=${value};`;
  });
  return bindings.length === 0 ? `${imported};` : `const ${module}=${imported};${bindings.join("")}`;
}

/** The names that an import gives the session, with their names in the module; null for the module itself. */
export function importedNames(statement: ImportStatement): { readonly name: string; readonly from: string | null }[] {
  switch (statement.type) {
    case "ImportDeclaration":
      return statement.specifiers.map((specifier) => {
        const name = specifier.local.name;
        if (specifier.type === "ImportNamespaceSpecifier") return { name, from: null };
        return { name, from: specifier.type === "ImportSpecifier" ? textOf(specifier.imported) : "default" };
      });
    case "ExportNamedDeclaration":
      return statement.specifiers.map(({ local, exported }) => ({ name: textOf(exported), from: textOf(local) }));
    case "ExportAllDeclaration":
      return statement.exported ? [{ name: textOf(statement.exported), from: null }] : [];
  }
}

export function textOf(name: acorn.Identifier | acorn.Literal): string {
  return name.type === "Identifier" ? name.name : String(name.value);
}
