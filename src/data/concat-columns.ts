import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { buildColumn } from "./build-column.js";
import { BooleanColumn, type Column, DateColumn, NumberColumn, StringColumn } from "./column.js";

/** The values of `top` and below them those of `bottom`, of the same kind; one without any value fits every kind. */
export function concatColumns(name: string, top: Column, bottom: Column): Column {
  const length = top.length + bottom.length;
  if (top instanceof NumberColumn && bottom instanceof NumberColumn) {
    return new NumberColumn(joined(new Float64Array(length), top.values, bottom.values));
  }
  if (top instanceof DateColumn && bottom instanceof DateColumn) {
    return new DateColumn(joined(new Float64Array(length), top.values, bottom.values));
  }
  if (top instanceof BooleanColumn && bottom instanceof BooleanColumn) {
    return new BooleanColumn(joined(new Int8Array(length), top.values, bottom.values));
  }
  if (top instanceof StringColumn && bottom instanceof StringColumn) {
    const categories = [...new Set<string>([...top.categories, ...bottom.categories])];
    const codeOf = new Map(categories.map((category, code) => [category, code]));
    const recoded = bottom.values.map((code) => (code === -1 ? -1 : codeOf.get(bottom.categories[code]!)!));
    return new StringColumn(joined(new Int32Array(length), top.values, recoded), categories);
  }
  if (top.nMissing === top.length || bottom.nMissing === bottom.length) return buildColumn(name, [...top, ...bottom]);
  throw new DataError(
    `Frame.concat: column ${show(name)} holds ${top.kind}s in the first frame and ${bottom.kind}s in the other.`,
  );
}

function joined<V extends Float64Array | Int32Array | Int8Array>(
  into: V,
  top: ArrayLike<number>,
  bottom: ArrayLike<number>,
): V {
  into.set(top);
  into.set(bottom, top.length);
  return into;
}
