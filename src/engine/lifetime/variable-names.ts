import type tf = require("../parts.cjs");

class VariableNames {
  private readonly variables = new Map<string, WeakRef<tf.Variable>>();

  /** The same as the plain object that TensorFlow.js works on. */
  readonly asObject: tf.NamedTensorMap & Record<string, tf.Variable> = new Proxy(Object.create(null), {
    get: (_, name) => this.get(String(name)),
    has: (_, name) => this.get(String(name)) !== undefined,
    set: (_, name, variable: tf.Variable) => {
      this.variables.set(String(name), new WeakRef(variable));
      return true;
    },
    deleteProperty: (_, name) => {
      this.variables.delete(String(name));
      return true;
    },
    ownKeys: () => [...this.variables.keys()].filter((name) => this.get(name) !== undefined),
    getOwnPropertyDescriptor: (_, name) => {
      const value = this.get(String(name));
      return value && { value, enumerable: true, configurable: true, writable: true };
    },
  });

  /**
   * Makes `name` free for a new variable. One that has it and still lives, since a cell that runs again gives the new
   * variable to the same name before anybody lets go of the old one, goes on under the next free name: `w` as `w_1`.
   */
  vacate(name: string): void {
    const older = this.get(name);
    if (older === undefined) return;
    let next = 1;
    while (this.get(`${name}_${next}`) !== undefined) next++;
    older.name = `${name}_${next}`;
    this.variables.delete(name);
    this.variables.set(older.name, new WeakRef(older));
  }

  /** Forgets the names of variables that were collected. */
  purge(): void {
    for (const name of this.variables.keys()) if (this.get(name) === undefined) this.variables.delete(name);
  }

  private get(name: string): tf.Variable | undefined {
    return this.variables.get(name)?.deref();
  }
}

/**
 * The variables by name, as TensorFlow.js keeps them, without holding them: `minimize` and the gradients of "all variables"
 * see those that somebody still has.
 */
export const variableNames = new VariableNames();
