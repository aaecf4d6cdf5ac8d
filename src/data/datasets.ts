import { readShippedTable, readVegaRows } from "./data-files.js";
import { Frame } from "./frame.js";

type Sex = "FEMALE" | "MALE";
type Species = "Adelie" | "Chinstrap" | "Gentoo";
type Island = "Biscoe" | "Dream" | "Torgersen";
type Iris = "setosa" | "versicolor" | "virginica";
type Origin = "Europe" | "Japan" | "USA";
type Place = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export type Penguin = {
  readonly species: Species;
  readonly island: Island;
  /** In mm, like `billDepth` and `flipperLength`. */
  readonly billLength: number | null;
  readonly billDepth: number | null;
  readonly flipperLength: number | null;
  /** In g. */
  readonly bodyMass: number | null;
  readonly sex: Sex | null;
};

/** Pixels from 0 (paper) to 16 (ink), named by row and column, and the digit they show. */
export type Digit = { readonly [Pixel in `pixel${Place}${Place}`]: number } & { readonly digit: number };

/** Lengths and widths in cm. */
export type IrisFlower = {
  readonly sepalLength: number;
  readonly sepalWidth: number;
  readonly petalLength: number;
  readonly petalWidth: number;
  readonly species: Iris;
};

export type Car = {
  readonly name: string;
  readonly milesPerGallon: number | null;
  readonly cylinders: number;
  /** In cubic inches. */
  readonly displacement: number;
  readonly horsepower: number | null;
  /** In lb. */
  readonly weight: number;
  /** Seconds from 0 to 60 mph. */
  readonly acceleration: number;
  readonly year: number;
  readonly origin: Origin;
};

/**
 * Small real data sets that come with the package.
 *
 * @example
 * const penguins = datasets.penguins();
 */
export const datasets = {
  /**
   * 344 penguins of three species, 11 of them with missing measurements or sex (one sex is written "." in the source).
   * Horst, Hill & Gorman, palmerpenguins, 2020 (CC0), by way of vega-datasets.
   */
  penguins(): Frame<Penguin> {
    const rows = readVegaRows<{
      Species: Species;
      Island: Island;
      "Beak Length (mm)": number | null;
      "Beak Depth (mm)": number | null;
      "Flipper Length (mm)": number | null;
      "Body Mass (g)": number | null;
      Sex: Sex | "." | null;
    }>("penguins");
    return Frame.from(
      rows.map((row) => ({
        species: row.Species,
        island: row.Island,
        billLength: row["Beak Length (mm)"],
        billDepth: row["Beak Depth (mm)"],
        flipperLength: row["Flipper Length (mm)"],
        bodyMass: row["Body Mass (g)"],
        sex: row.Sex === "." ? null : row.Sex,
      })),
    );
  },

  /** 1797 handwritten digits of 8 x 8 pixels. Alpaydin & Kaynak, UCI Machine Learning Repository, 1998 (CC BY 4.0). */
  digits(): Frame<Digit> {
    const [names = [], ...rows] = readShippedTable("digits");
    const columns = names.map((name, place) => [name, Float64Array.from(rows, (row) => Number(row[place]))]);
    return Frame.fromColumns(Object.fromEntries(columns) as { [Name in keyof Digit]: Float64Array });
  },

  /** 150 iris flowers of three species. Fisher, Annals of Eugenics 7 (1936), as in R and scikit-learn. */
  iris(): Frame<IrisFlower> {
    const [, ...rows] = readShippedTable("iris");
    return Frame.from(
      rows.map(([sepalLength, sepalWidth, petalLength, petalWidth, species]) => ({
        sepalLength: Number(sepalLength),
        sepalWidth: Number(sepalWidth),
        petalLength: Number(petalLength),
        petalWidth: Number(petalWidth),
        species: species as Iris,
      })),
    );
  },

  /** 406 cars of the years 1970 to 1982. Ramos & Donoho, ASA Data Exposition 1983, by way of vega-datasets. */
  cars(): Frame<Car> {
    const rows = readVegaRows<{
      Name: string;
      Miles_per_Gallon: number | null;
      Cylinders: number;
      Displacement: number;
      Horsepower: number | null;
      Weight_in_lbs: number;
      Acceleration: number;
      Year: string;
      Origin: Origin;
    }>("cars");
    return Frame.from(
      rows.map((row) => ({
        name: row.Name,
        milesPerGallon: row.Miles_per_Gallon,
        cylinders: row.Cylinders,
        displacement: row.Displacement,
        horsepower: row.Horsepower,
        weight: row.Weight_in_lbs,
        acceleration: row.Acceleration,
        year: Number(row.Year.slice(0, 4)),
        origin: row.Origin,
      })),
    );
  },
};
