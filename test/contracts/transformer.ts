import { describe, expect, it } from "@jest/globals";
import { DataError, ShapeError } from "../../src/core/errors.js";
import type { Frame } from "../../src/data/frame.js";
import { type Transformer, transformerFromJSON } from "../../src/preprocessing/transformer.js";

/**
 * Every transformer passes this, ours and the user's.
 * @param rows - At least three rows that `make()` can learn from, with at least two columns.
 */
export function transformerContract(name: string, make: () => Transformer, rows: Frame): void {
  const train = rows.asPart("train");

  describe(`${name} keeps the transformer contract`, () => {
    it("learns the same from the same rows, and fit changes neither itself nor the rows", () => {
      const transformer = make();
      const before = JSON.stringify(rows.toRows());
      const first = transformer.fit(train);
      const second = transformer.fit(train);
      expect(second.toJSON()).toEqual(first.toJSON());
      expect(transformer).toEqual(make());
      expect(JSON.stringify(rows.toRows())).toBe(before);
    });

    it("makes a row of distinctly named numbers for each row", () => {
      const fitted = make().fit(train);
      const z = fitted.transform(train);
      expect([z.nRows, z.nColumns]).toEqual([rows.nRows, fitted.featureNames.length]);
      expect(z.names).toEqual(fitted.featureNames);
      expect(new Set(z.names).size).toBe(z.nColumns);
    });

    it("says which part its rows belong to", () => {
      const fitted = make().fit(train);
      expect(fitted.transform(train).part).toBe("train");
      expect(fitted.transform(rows.asPart("test")).part).toBe("test");
      expect(fitted.transform(rows).part).toBeUndefined();
    });

    it("refuses to learn from held-out rows", () => {
      const untyped = make() as { fit(x: unknown): unknown };
      for (const part of ["validation", "test"] as const) {
        expect(() => untyped.fit(rows.asPart(part))).toThrow(DataError);
        expect(() => untyped.fit(rows.asPart(part))).toThrow(`expected train rows, got the ${part} part`);
      }
    });

    it("refuses no rows, and what is no table", () => {
      const untyped = make() as { fit(x: unknown): unknown };
      expect(() => make().fit(train.head(0))).toThrow(ShapeError);
      for (const other of [undefined, null, [[1, 2]], "rows"]) expect(() => untyped.fit(other)).toThrow(DataError);
    });

    it("treats each row by itself", () => {
      const fitted = make().fit(train);
      const all = fitted.transform(rows);
      expect(fitted.transform(rows.take([2, 0])).toRows()).toEqual(all.take([2, 0]).toRows());
      expect(fitted.transform(rows.head(0)).nRows).toBe(0);
    });

    it("finds its columns by name, and names one that is not there", () => {
      const fitted = make().fit(train);
      const [gone = "", ...others] = fitted.inputNames;
      const reversed = rows.select(...[...fitted.inputNames].reverse());
      expect(fitted.transform(reversed).toRows()).toEqual(fitted.transform(rows).toRows());
      expect(() => fitted.transform(rows.select(...others))).toThrow(gone);
    });

    it("is the same after a trip through JSON", () => {
      const fitted = make().fit(train);
      const copy = transformerFromJSON(JSON.parse(JSON.stringify(fitted)));
      expect(copy).toEqual(fitted);
      expect(copy.transform(rows).toRows()).toEqual(fitted.transform(rows).toRows());
    });
  });
}
