import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { type Column, StringColumn } from "../data/column.js";

/** One of the values that a column can have; null stands for a missing one. */
export type Category = string | number | boolean | null;

/** The distinct values in ascending order; a missing value is a category of its own and comes last. */
export function learnCategories(where: string, name: string, column: Column): Category[] {
  if (column.kind === "date") {
    throw new DataError(
      `${where}: column ${show(name)} holds dates, not categories. Derive the part of the date you mean.`,
    );
  }
  const categories = column.unique() as Category[];
  return column.nMissing > 0 ? [...categories, null] : categories;
}

/** For each row the place of its value in `categories`, -1 where it is not among them. */
export function placesOf(column: Column, categories: readonly Category[]): Int32Array {
  const places = new Map(categories.map((category, place) => [category, place]));
  const missing = places.get(null) ?? -1;
  if (column instanceof StringColumn) {
    const placeOfCode = column.categories.map((category) => places.get(category) ?? -1);
    return column.values.map((code) => (code === -1 ? missing : placeOfCode[code]!));
  }
  return Int32Array.from({ length: column.length }, (_, row) => places.get(column.at(row) as Category) ?? -1);
}

/** The end of an error about a value that is not among the categories. */
export function listCategories(categories: readonly Category[]): string {
  const shown = categories.slice(0, 10).map(show).join(", ");
  return categories.length > 10 ? `${shown} and ${categories.length - 10} more` : shown;
}
