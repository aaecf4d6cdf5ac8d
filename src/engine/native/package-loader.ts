import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { compileFunction } from "node:vm";
import { EtudeError } from "../../core/errors.js";

/**
 * Loads CommonJS files that see nothing but each other and the modules `given`, by the name that they are required by.
 *
 * Node's own `require` would search `node_modules` and find a second TensorFlow.js, with its own tensors and registry, or
 * none; and it gives Node's `util`, which lost functions that tfjs-node calls.
 */
export class PackageLoader {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #loaded = new Map<string, { exports: unknown }>();

  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = given;
  }

  load(path: string): unknown {
    const loaded = this.#loaded.get(path);
    if (loaded !== undefined) return loaded.exports;
    const module: { exports: unknown } = { exports: {} };
    this.#loaded.set(path, module); // before it runs: two files may require each other
    const run = compileFunction(readFileSync(path, "utf8"), ["exports", "require", "module"], { filename: path });
    run(module.exports, (name: string) => this.#require(name, path), module);
    return module.exports;
  }

  #require(name: string, from: string): unknown {
    if (Object.hasOwn(this.#given, name)) return this.#given[name];
    if (name.startsWith(".")) return this.load(resolve(dirname(from), `${name}.js`));
    throw new EtudeError(
      `tf: ${from} asks for ${JSON.stringify(name)}, which it is not given. Run: etude setup native.`,
    );
  }
}
