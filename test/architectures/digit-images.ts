import { type Digit, datasets } from "../../src/data/datasets.js";
import type { Frame } from "../../src/data/frame.js";
import { split } from "../../src/data/split.js";

/** The digits as rows of 64 pixels from 0 to 1 with their labels; a fifth to test with, spread alike over the digits. */
export function digitImages() {
  const { train, test } = split(datasets.digits(), { stratify: "digit", test: 0.2, validation: 0 });
  return { train: images(train), test: images(test) };
}

function images(rows: Frame<Digit>) {
  const pixels = rows.drop("digit").toMatrix();
  return { x: pixels.map((value) => value / 16), y: rows.column("digit") };
}
