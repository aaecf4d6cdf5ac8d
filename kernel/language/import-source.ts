/** A name that another module exports. */
export interface Importable {
  readonly name: string;
  readonly module: string;
  /** The statement that brings it in. */
  readonly statement: string;
}

export type ExportedAs = "named" | "default";

export function importable(name: string, module: string, exportedAs: ExportedAs = "named"): Importable {
  const names = exportedAs === "default" ? name : `{ ${name} }`;
  return { name, module, statement: `import ${names} from ${JSON.stringify(module)};` };
}
