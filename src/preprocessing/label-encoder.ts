import { checkNumber, show } from "../core/check.js";
import { DataError, ShapeError } from "../core/errors.js";
import { type Label, type Labels, labelColumn } from "../data/labels.js";
import { learnCategories, listCategories, placesOf } from "./categories.js";

/**
 * Numbers the classes of a target from 0 on, in ascending order.
 *
 * @example
 * const encoder = new LabelEncoder().fit(train.column("species"));
 * encoder.classes; // ["Adelie", "Chinstrap", "Gentoo"]
 * encoder.transform(test.column("species")); // Int32Array [0, 2, ...]
 */
export class LabelEncoder {
  /**
   * @param y - The labels of the train rows, shape `(nSamples,)`.
   * @throws ShapeError if there are none.
   * @throws DataError if one is missing.
   */
  fit<const T extends Label>(y: Labels<T>): FittedLabelEncoder<T> {
    const column = labelColumn("LabelEncoder.fit", "y", y);
    if (column.length === 0) throw new ShapeError("LabelEncoder.fit: expected at least 1 label, got 0.");
    return new FittedLabelEncoder(learnCategories("LabelEncoder.fit", "y", column) as T[]);
  }
}

export interface LabelEncoderJSON {
  readonly type: "LabelEncoder";
  readonly classes: readonly Label[];
}

/** What {@link LabelEncoder.fit} learned: class `classes[i]` has the number i. */
export class FittedLabelEncoder<T extends Label = Label> {
  constructor(readonly classes: readonly T[]) {}

  /**
   * The number of each label's class.
   * @throws DataError if a label is missing or was not there in `fit`, naming the row.
   */
  transform(y: Labels): Int32Array {
    const column = labelColumn("LabelEncoder.transform", "y", y);
    const places = placesOf(column, this.classes);
    const row = places.indexOf(-1);
    if (row === -1) return places;
    throw new DataError(
      `LabelEncoder.transform: row ${row} is ${show(column.at(row))}, but fit saw only ${listCategories(this.classes)}.`,
    );
  }

  /** The class of each number. @param indices - Integers from 0 to `classes.length - 1`, shape `(nSamples,)`. */
  inverseTransform(indices: ArrayLike<number>): T[] {
    const range = { integer: true, atLeast: 0, atMost: this.classes.length - 1 };
    return Array.from(
      indices,
      (index) => this.classes[checkNumber("LabelEncoder.inverseTransform", "a class number", index, range)]!,
    );
  }

  toJSON(): LabelEncoderJSON {
    return { type: "LabelEncoder", classes: this.classes };
  }

  static fromJSON(json: LabelEncoderJSON): FittedLabelEncoder {
    if (json?.type === "LabelEncoder" && Array.isArray(json.classes)) return new FittedLabelEncoder([...json.classes]);
    throw new DataError(
      `LabelEncoder.fromJSON: expected type "LabelEncoder" and a list of classes, got ${show(json)}.`,
    );
  }
}
