import { show } from "../core/check.js";
import { DataError, OptionError } from "../core/errors.js";
import { StringColumn } from "../data/column.js";
import { type Label, type Labels, labelColumn } from "../data/labels.js";

export interface LabelOptions {
  /** The classes, in the order of rows and columns. @default those that occur, in ascending order */
  readonly labels?: readonly Label[];
}

export interface LabelCodes {
  readonly labels: readonly Label[];
  /** For each of the given label lists, the places of its labels in `labels`. */
  readonly codes: readonly Int32Array[];
}

/**
 * Numbers the classes of several lists of labels alike.
 * @throws DataError if the lists hold different kinds of labels, or one that is not in `options.labels`.
 */
export function labelCodes(where: string, lists: Readonly<Record<string, Labels>>, options: LabelOptions): LabelCodes {
  const columns = Object.entries(lists).map(([name, list]) => ({ name, column: labelColumn(where, name, list) }));
  const [first, ...others] = columns;
  const other = others.find(({ column }) => column.kind !== first!.column.kind);
  if (other !== undefined) {
    throw new DataError(
      `${where}: ${first!.name} holds ${first!.column.kind}s but ${other.name} holds ${other.column.kind}s. Encode or decode one of them (LabelEncoder).`,
    );
  }
  const labels = options.labels ?? ascending(columns.flatMap(({ column }) => column.unique() as Label[]));
  const places = new Map(labels.map((label, place) => [label, place]));
  if (places.size < labels.length) throw new OptionError(`${where}: labels must differ, but one of them comes twice.`);
  const codes = columns.map(({ name, column }) => {
    const placeOf = (label: unknown) => places.get(label as Label) ?? -1;
    const result =
      column instanceof StringColumn
        ? recode(column, column.categories.map(placeOf))
        : Int32Array.from(column.sortKeys(), (_, row) => placeOf(column.at(row)));
    const row = result.indexOf(-1);
    if (row === -1) return result;
    throw new DataError(
      `${where}: row ${row} of ${name} is ${show(column.at(row))}, which is not among the labels ${labels.slice(0, 10).map(show).join(", ")}.`,
    );
  });
  return { labels, codes };
}

function recode({ values }: StringColumn, places: readonly number[]): Int32Array {
  return values.map((code) => places[code]!);
}

function ascending(labels: readonly Label[]): Label[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
}
