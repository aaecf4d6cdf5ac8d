import { unterminated } from "../../src/core/stop.js";

/**
 * The training helpers as globals. They are loaded when a cell first names something that nobody has defined, or when
 * the kernel has been idle for a moment; so a cell that does not need them does not wait for them.
 */
export class Helpers {
  private loading: Promise<void> | undefined;
  private loaded = false;

  /** @param known - Whether the session itself declares a name. */
  async provide(names: Iterable<string>, known: (name: string) => boolean): Promise<void> {
    if (this.loaded) return;
    for (const name of names) {
      if (name === "globalThis" || (!(name in globalThis) && !known(name))) return this.load();
    }
  }

  load(): Promise<void> {
    this.loading ??= this.define();
    return this.loading;
  }

  private async define(): Promise<void> {
    const library: Record<string, unknown> = await unterminated(() => import("../../src/index.js"));
    for (const [name, value] of Object.entries(library)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    }
    this.loaded = true;
  }
}
