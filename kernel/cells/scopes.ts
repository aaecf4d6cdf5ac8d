import { type DeclarationKind, Reading, type Reference } from "./reading.js";

class Scope {
  readonly names = new Set<string>();
  readonly references: Reference[] = [];
  constructor(
    readonly parent: Scope | null,
    readonly isFunction: boolean,
  ) {}
}

/** Follows the scopes of a program, so that what is left over at the end belongs to the top level. */
export class Scopes {
  readonly reading = new Reading();
  #scope = new Scope(null, true);
  #functions = 0;
  #awaits = 0;

  get isAtTop(): boolean {
    return this.#functions === 0;
  }

  /** How often the function at hand has awaited so far. */
  get awaits(): number {
    return this.#awaits;
  }

  inBlock(visit: () => void): void {
    this.#within(false, visit);
  }

  inFunction(visit: () => void): void {
    const awaits = this.#awaits;
    this.#functions++;
    this.#within(true, visit);
    this.#functions--;
    this.#awaits = awaits;
  }

  declare(name: string, kind: DeclarationKind): void {
    let scope = this.#scope;
    if (kind === "var") while (!scope.isFunction) scope = scope.parent!;
    const { declared } = this.reading;
    if (scope.parent) scope.names.add(name);
    else if (kind !== "var" || !declared.has(name)) declared.set(name, kind);
  }

  refer(reference: Reference): void {
    this.#scope.references.push(reference);
  }

  sawAwait(): void {
    this.#awaits++;
    if (this.isAtTop) this.reading.awaitsAtTop = true;
  }

  end(): Reading {
    this.reading.references.push(...this.#scope.references);
    return this.reading;
  }

  #within(isFunction: boolean, visit: () => void): void {
    const outer = this.#scope;
    const scope = new Scope(outer, isFunction);
    this.#scope = scope;
    visit();
    this.#scope = outer;
    for (const reference of scope.references) {
      if (!scope.names.has(reference.node.name)) outer.references.push(reference);
    }
  }
}
