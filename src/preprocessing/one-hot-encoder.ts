import { checkOneOf, show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { Matrix } from "../core/matrix.js";
import type { NotHeldOut, SamePart } from "../core/part.js";
import { type Category, learnCategories, listCategories, placesOf } from "./categories.js";
import { checkLearnable, columnsOf } from "./input.js";
import {
  checkTransformerJSON,
  type Features,
  type FittedTransformer,
  registerTransformer,
  type Transformer,
} from "./transformer.js";

export interface OneHotEncoderOptions {
  /** What a category means that was not there in `fit`: an error, or zeros in all its columns. @default "error" */
  readonly handleUnknown?: "error" | "ignore";
  /** Leave out the first category of each column, or of those with two only, as the others imply it. @default "none" */
  readonly drop?: "none" | "first" | "ifBinary";
}

/**
 * Turns each column into one column of 0 and 1 for each of its categories, named `column_category`.
 *
 * The categories are in ascending order; a missing value is a category of its own, `column_null`, and the last.
 *
 * @example
 * const encoder = new OneHotEncoder().fit(train.select("island"));
 * encoder.featureNames; // ["island_Biscoe", "island_Dream", "island_Torgersen"]
 */
export class OneHotEncoder implements Transformer {
  constructor(readonly options: OneHotEncoderOptions = {}) {
    checkOneOf("OneHotEncoder", "handleUnknown", options.handleUnknown ?? "error", ["error", "ignore"]);
    checkOneOf("OneHotEncoder", "drop", options.drop ?? "none", ["none", "first", "ifBinary"]);
  }

  /**
   * @param x - Train rows, shape `(nSamples, nFeatures)`: text, numbers or booleans.
   * @throws ShapeError if there are no rows.
   * @throws DataError if the rows are held out, or a column holds dates.
   */
  fit<T extends Features>(x: NotHeldOut<T>): FittedOneHotEncoder {
    const { handleUnknown = "error", drop = "none" } = this.options;
    const features = checkLearnable("OneHotEncoder.fit", x);
    const columns = columnsOf("OneHotEncoder.fit", features, features.names);
    const categories = columns.map(([name, column]) => learnCategories("OneHotEncoder.fit", name, column));
    const dropped = categories.map(({ length }) => drop === "first" || (drop === "ifBinary" && length === 2));
    return new FittedOneHotEncoder(features.names, categories, dropped, handleUnknown);
  }
}

export interface OneHotEncoderJSON {
  readonly type: "OneHotEncoder";
  readonly names: readonly string[];
  readonly categories: readonly (readonly Category[])[];
  readonly dropped: readonly boolean[];
  readonly handleUnknown: "error" | "ignore";
}

/** What {@link OneHotEncoder.fit} learned: for each column its categories, and whether the first is left out. */
export class FittedOneHotEncoder implements FittedTransformer {
  readonly featureNames: readonly string[];

  constructor(
    readonly inputNames: readonly string[],
    readonly categories: readonly (readonly Category[])[],
    readonly dropped: readonly boolean[],
    readonly handleUnknown: "error" | "ignore",
  ) {
    this.featureNames = inputNames.flatMap((name, i) =>
      categories[i]!.slice(dropped[i] ? 1 : 0).map((category) => `${name}_${category}`),
    );
  }

  /**
   * @param x - The columns of `fit`, shape `(nSamples, nFeatures)`.
   * @throws DataError if a category is new and `handleUnknown` is "error", naming the row.
   */
  transform<T extends Features>(x: T): SamePart<T, Matrix> {
    const nColumns = this.featureNames.length;
    const data = new Float64Array(x.nRows * nColumns);
    let start = 0;
    columnsOf("OneHotEncoder.transform", x, this.inputNames).forEach(([name, column], i) => {
      const categories = this.categories[i]!;
      const places = placesOf(column, categories);
      if (this.handleUnknown === "error") {
        const row = places.indexOf(-1);
        if (row !== -1) throw unknownCategory(name, row, column.at(row), categories);
      }
      const first = this.dropped[i] ? 1 : 0;
      for (let row = 0; row < places.length; row++) {
        const place = places[row]!;
        if (place >= first) data[row * nColumns + start + place - first] = 1;
      }
      start += categories.length - first;
    });
    return new Matrix(data, x.nRows, nColumns, { names: this.featureNames, part: x.part }) as never;
  }

  toJSON(): OneHotEncoderJSON {
    const { inputNames, categories, dropped, handleUnknown } = this;
    return { type: "OneHotEncoder", names: inputNames, categories, dropped, handleUnknown };
  }

  static fromJSON(json: OneHotEncoderJSON): FittedOneHotEncoder {
    checkTransformerJSON(json, "OneHotEncoder", "names", "categories", "dropped");
    const handleUnknown = checkOneOf("OneHotEncoder.fromJSON", "handleUnknown", json.handleUnknown, [
      "error",
      "ignore",
    ]);
    return new FittedOneHotEncoder(
      [...json.names],
      json.categories.map((list) => [...list]),
      [...json.dropped],
      handleUnknown,
    );
  }
}

function unknownCategory(name: string, row: number, value: unknown, categories: readonly Category[]): DataError {
  return new DataError(
    `OneHotEncoder.transform: column ${show(name)} holds ${show(value)} in row ${row}, but fit saw only ${listCategories(categories)}. Set handleUnknown: "ignore" to encode it as zeros.`,
  );
}

registerTransformer("OneHotEncoder", FittedOneHotEncoder.fromJSON);
