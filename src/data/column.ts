/** What one place of a frame can hold; null is a missing value. */
export type Cell = number | string | boolean | Date | null;

type Values = Float64Array | Int32Array | Int8Array;

/**
 * One column of a frame. `values` is the typed array behind it, and each kind keeps a missing value in its own way there
 * (`NaN`, or the code -1), so that no loop needs a second array.
 */
export abstract class Column<T extends Cell = Cell> implements Iterable<T | null> {
  abstract readonly kind: "number" | "string" | "boolean" | "date";
  abstract readonly values: Values;

  /** The value in row `row`, null where it is missing. */
  abstract at(row: number): T | null;
  abstract isMissing(row: number): boolean;

  /** The rows at `indices`, in that order. */
  abstract take(indices: ArrayLike<number>): this;

  /** Numbers in the order of the values, `NaN` where one is missing: what sorting and counting go by. */
  abstract sortKeys(): ArrayLike<number>;

  get length(): number {
    return this.values.length;
  }

  get nMissing(): number {
    let count = 0;
    for (let row = 0; row < this.length; row++) if (this.isMissing(row)) count++;
    return count;
  }

  /** The distinct values in ascending order, without the missing ones. */
  unique(): T[] {
    const keys = this.sortKeys();
    const rowOfKey = new Map<number, number>();
    for (let row = 0; row < keys.length; row++) if (!Number.isNaN(keys[row])) rowOfKey.set(keys[row]!, row);
    return [...rowOfKey].sort(([a], [b]) => a - b).map(([, row]) => this.at(row) as T);
  }

  toArray(): (T | null)[] {
    return [...this];
  }

  *[Symbol.iterator](): IterableIterator<T | null> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }
}

/** Numbers; a missing one is `NaN` in `values`. */
export class NumberColumn extends Column<number> {
  readonly kind = "number";

  constructor(readonly values: Float64Array) {
    super();
  }

  at(row: number): number | null {
    const value = this.values[row]!;
    return Number.isNaN(value) ? null : value;
  }

  isMissing(row: number): boolean {
    return Number.isNaN(this.values[row]);
  }

  take(indices: ArrayLike<number>): this {
    return new NumberColumn(gather(this.values, indices, new Float64Array(indices.length))) as this;
  }

  sortKeys(): Float64Array {
    return this.values;
  }
}

/** Moments in time; `values` counts milliseconds since 1970 in UTC, a missing one is `NaN`. */
export class DateColumn extends Column<Date> {
  readonly kind = "date";

  constructor(readonly values: Float64Array) {
    super();
  }

  at(row: number): Date | null {
    return this.isMissing(row) ? null : new Date(this.values[row]!);
  }

  isMissing(row: number): boolean {
    return Number.isNaN(this.values[row]);
  }

  take(indices: ArrayLike<number>): this {
    return new DateColumn(gather(this.values, indices, new Float64Array(indices.length))) as this;
  }

  sortKeys(): Float64Array {
    return this.values;
  }
}

/** Yes and no as 1 and 0 in `values`, -1 where missing. */
export class BooleanColumn extends Column<boolean> {
  readonly kind = "boolean";

  constructor(readonly values: Int8Array) {
    super();
  }

  at(row: number): boolean | null {
    return this.isMissing(row) ? null : this.values[row] === 1;
  }

  isMissing(row: number): boolean {
    return this.values[row] === -1;
  }

  take(indices: ArrayLike<number>): this {
    return new BooleanColumn(gather(this.values, indices, new Int8Array(indices.length))) as this;
  }

  sortKeys(): Float64Array {
    return Float64Array.from(this.values, (value) => (value === -1 ? Number.NaN : value));
  }
}

/** Text as codes into `categories`, which holds each distinct text once; -1 where missing. */
export class StringColumn<T extends string = string> extends Column<T> {
  readonly kind = "string";

  constructor(
    readonly values: Int32Array,
    readonly categories: readonly T[],
  ) {
    super();
  }

  at(row: number): T | null {
    return this.categories[this.values[row]!] ?? null;
  }

  isMissing(row: number): boolean {
    return this.values[row] === -1;
  }

  take(indices: ArrayLike<number>): this {
    const codes = gather(this.values, indices, new Int32Array(indices.length));
    return new StringColumn(codes, this.categories) as this;
  }

  sortKeys(): Float64Array {
    const order = this.categories
      .map((_, code) => code)
      .sort((a, b) => compareText(this.categories[a]!, this.categories[b]!));
    const rank = new Float64Array(order.length);
    order.forEach((code, position) => {
      rank[code] = position;
    });
    return Float64Array.from(this.values, (code) => rank[code] ?? Number.NaN);
  }
}

/** By code point, as scikit-learn orders its categories, and the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function gather<V extends Values>(from: V, indices: ArrayLike<number>, into: V): V {
  for (let i = 0; i < indices.length; i++) into[i] = from[indices[i]!]!;
  return into;
}
