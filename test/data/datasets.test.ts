import { describe, expect, it } from "@jest/globals";
import { datasets } from "../../src/data/datasets.js";

describe("the data sets", () => {
  it("penguins: 344 rows of three species, 333 of them complete", () => {
    const penguins = datasets.penguins();
    // Horst, Hill & Gorman 2020: 152 Adelie, 124 Gentoo, 68 Chinstrap; sex unknown of 11, measurements of 2.
    expect(penguins.nRows).toBe(344);
    expect(penguins.dropMissing().nRows).toBe(333);
    expect(
      penguins
        .valueCounts("species")
        .toRows()
        .map(({ value, count }) => [value, count]),
    ).toEqual([
      ["Adelie", 152],
      ["Gentoo", 124],
      ["Chinstrap", 68],
    ]);
    expect(penguins.missing()).toMatchObject({ species: 0, billLength: 2, bodyMass: 2, sex: 11 });
    const species: readonly ("Adelie" | "Chinstrap" | "Gentoo")[] = penguins.column("species").categories;
    expect(species).toHaveLength(3);
  });

  it("digits: 1797 images of 64 pixels from 0 to 16, about as many of each digit", () => {
    const digits = datasets.digits();
    expect([digits.nRows, digits.nColumns]).toEqual([1797, 65]);
    const pixels = digits.drop("digit").toMatrix().toRows().flat();
    // scikit-learn 1.9.1: load_digits().data.mean(), bincount(target)
    expect(pixels.reduce((sum, value) => sum + value, 0) / pixels.length).toBeCloseTo(4.884164579855314, 12);
    expect(pixels.every((value) => value >= 0 && value <= 16)).toBe(true);
    expect(digits.valueCounts("digit").sort("value").column("count").toArray()).toEqual([
      178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
    ]);
  });

  it("iris: 150 flowers, 50 of each species", () => {
    const iris = datasets.iris();
    expect(iris.valueCounts("species").column("count").toArray()).toEqual([50, 50, 50]);
    // scikit-learn 1.9.1: load_iris().data.mean(axis=0)
    const means = iris.drop("species").describe().column("mean").toArray();
    [5.843333333333334, 3.0573333333333337, 3.758, 1.1993333333333336].forEach((mean, i) => {
      expect(means[i]).toBeCloseTo(mean, 9);
    });
  });

  it("cars: 406 cars, 8 of unknown mileage", () => {
    const cars = datasets.cars();
    expect([cars.nRows, cars.missing().milesPerGallon, cars.missing().horsepower]).toEqual([406, 8, 6]);
    expect(cars.column("year").unique()).toEqual([
      1970, 1971, 1972, 1973, 1974, 1975, 1976, 1977, 1978, 1979, 1980, 1982,
    ]);
  });
});
