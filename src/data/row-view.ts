import type { Cell, Column } from "./column.js";
import { unknownColumn } from "./unknown-column.js";

const position = Symbol("row");

/**
 * Returns a function from a row number to an object that reads that row's cells where they lie, so that a callback over
 * a million rows makes no copies. Reading a column that is not there throws instead of giving `undefined`.
 */
export function rowViews<Row>(columns: ReadonlyMap<string, Column>): (row: number) => Row {
  const prototype = Object.create(throwOnUnknown([...columns.keys()]));
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
      // Node's inspector, JSON and await ask any object for these; they are not columns a user could have meant.
      if (typeof name === "symbol" || name === "then" || name === "toJSON" || name in target) {
        return Reflect.get(target, name, receiver);
      }
      throw unknownColumn("Frame row", name, names);
    },
  });
}
