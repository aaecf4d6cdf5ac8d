import { inspect } from "node:util";
import type { Cell, Column } from "./column.js";
import { unknownColumn } from "./unknown-column.js";

const position = Symbol("row");

/**
 * Returns a function from a row number to an object that reads that row's cells where they lie, so that a callback over
 * a million rows makes no copies. Reading a column that is not there throws instead of giving `undefined`.
 */
export function rowViews<Row>(columns: ReadonlyMap<string, Column>): (row: number) => Row {
  const prototype = Object.create(throwOnUnknown([...columns.keys()]));
  function cells(this: { [position]: number }): Record<string, Cell> {
    return Object.fromEntries([...columns].map(([name, column]) => [name, column.at(this[position])]));
  }
  Object.assign(prototype, { toJSON: cells, [inspect.custom]: cells });
  for (const [name, column] of columns) {
    Object.defineProperty(prototype, name, {
      enumerable: true,
      get(this: { [position]: number }): Cell {
        return column.at(this[position]);
      },
    });
  }
  function View(this: { [position]: number }, row: number) {
    this[position] = row;
  }
  View.prototype = prototype;
  return (row) => new (View as unknown as new (row: number) => Row)(row);
}

/** The end of the prototype chain: JavaScript looks here only for names that no column has. */
function throwOnUnknown(names: readonly string[]): object {
  return new Proxy(Object.prototype, {
    get(target, name, receiver) {
      // Any object is asked for these, `then` by await; they are not columns a user could have meant.
      if (typeof name === "symbol" || name === "then" || name in target) {
        return Reflect.get(target, name, receiver);
      }
      throw unknownColumn("Frame row", name, names);
    },
  });
}
