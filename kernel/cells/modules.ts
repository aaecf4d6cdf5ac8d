import { isBuiltin } from "node:module";
import { settingsReader } from "./tsconfig.js";
import type { UserModules } from "./user-modules.js";

/** Imports for the cells of a notebook; what goes beyond Node's own modules is loaded with the first that needs it. */
export class ModuleLoader {
  #modules: Promise<UserModules> | undefined;

  /** @param folder - The notebook's folder, where imports start. */
  constructor(private readonly folder: string) {}

  /**
   * Imports a module as it is now: a file of the user that was edited, or that imports an edited one, is a new module.
   * @throws ImportError if there is no such module.
   * @throws CellSyntaxError if a file of the user is not TypeScript.
   */
  async import(specifier: unknown, attributes?: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const text = String(specifier);
    if (isBuiltin(text)) return import(text);
    this.#modules ??= this.#load();
    return (await this.#modules).import(text, attributes);
  }

  async #load(): Promise<UserModules> {
    const { UserModules } = await import("./user-modules.js");
    return new UserModules(this.folder, settingsReader(this.folder));
  }
}
