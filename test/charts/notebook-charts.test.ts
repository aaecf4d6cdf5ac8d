import { describe, expect, it } from "@jest/globals";
import { barChart } from "../../src/charts/bar-chart.js";
import type { Chart } from "../../src/charts/chart.js";
import { histogram } from "../../src/charts/histogram.js";
import { lineChart, scatterChart } from "../../src/charts/xy-charts.js";
import { Frame } from "../../src/data/frame.js";

const rows = [
  { species: "A", mass: 1, length: 10.123456 },
  { species: "B", mass: 2, length: 20 },
  { species: "B", mass: 4, length: Number.NaN },
  { species: "A", mass: 3, length: 5 },
];
const values = (chart: Chart) => (chart.spec.data as { values: object[] }).values;

describe("scatterChart", () => {
  it("draws each complete row, under field names of its own", () => {
    const chart = scatterChart(rows, { x: "mass", y: "length", color: "species", title: "T" });
    expect(values(chart)).toEqual([
      { x: 1, y: 10.123, color: "A" },
      { x: 2, y: 20, color: "B" },
      { x: 3, y: 5, color: "A" },
    ]);
    expect(chart.spec).toMatchSnapshot();
  });

  it("draws rows, columns and frames alike", () => {
    const fromRows = scatterChart(rows, { x: "mass", y: "length" }).spec;
    const columns = { mass: Int32Array.of(1, 2, 4, 3), length: rows.map((row) => row.length) };
    expect(scatterChart(columns, { x: "mass", y: "length" }).spec).toEqual(fromRows);
    expect(scatterChart(Frame.from(rows), { x: "mass", y: "length" }).spec).toEqual(fromRows);
  });

  it("draws an even selection of many points and says so", () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => i);
    const chart = scatterChart({ x, y: x }, { x: "x", y: "y" });
    expect(values(chart)).toHaveLength(2000);
    expect(chart.spec.title).toEqual({ text: "", subtitle: "2,000 of 10,000 points" });
  });
});

describe("the names of columns", () => {
  it("are checked by the compiler for rows, columns and frames", () => {
    const wrong = [
      // @ts-expect-error: no such column in the rows
      () => lineChart(rows, { x: "mas", y: "mass" }),
      // @ts-expect-error: no such column among the columns
      () => lineChart({ a: [1], b: [2] }, { x: "a", y: "c" }),
      // @ts-expect-error: no such column in the frame
      () => lineChart(Frame.from(rows), { x: "mass", y: "lenght" }),
    ];
    for (const make of wrong) expect(make).toThrow("no column");
  });
});

describe("lineChart", () => {
  it("draws in the order of x", () => {
    expect(values(lineChart(rows, { x: "length", y: "mass" })).map((point) => (point as { x: number }).x)).toEqual([
      5, 10.123, 20,
    ]);
  });

  it("puts dates on a time axis", () => {
    const chart = lineChart([{ day: new Date("2026-01-02"), v: 1 }], { x: "day", y: "v" });
    expect(values(chart)).toEqual([{ x: "2026-01-02T00:00:00.000Z", y: 1 }]);
    expect(chart.spec.encoding).toMatchObject({ x: { type: "temporal" } });
  });

  it("keeps a spike in 100,000 points", () => {
    const y = Float64Array.from({ length: 100_000 }, (_, i) => (i === 77_777 ? 5 : Math.sin(i)));
    const points = values(lineChart({ step: y.map((_, i) => i), y }, { x: "step", y: "y" })) as {
      x: number;
      y: number;
    }[];
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(points).toContainEqual({ x: 77_777, y: 5 });
  });
});

describe("barChart", () => {
  it("counts rows", () => {
    expect(values(barChart(rows, { x: "species" }))).toEqual([
      { x: "A", y: 2 },
      { x: "B", y: 2 },
    ]);
  });

  it.each([
    ["sum", 4, 6],
    ["mean", 2, 3],
  ] as const)("takes the %s of each bar", (aggregate, a, b) => {
    expect(values(barChart(rows, { x: "species", y: "mass", aggregate }))).toEqual([
      { x: "A", y: a },
      { x: "B", y: b },
    ]);
  });

  it("asks how several rows become one bar", () => {
    expect(() => barChart(rows, { x: "species", y: "mass" })).toThrow(
      'barChart: the bar "A" has 2 rows. Say aggregate: "mean" or "sum", or leave y out to count.',
    );
  });
});

describe("histogram", () => {
  it("has bins with round edges; the highest value belongs to the last", () => {
    // numpy 2.3: np.histogram([0.1, 0.2, 0.25, 0.9, 1.0], np.linspace(0, 1, 6))[0] is [1, 2, 0, 0, 2]
    const chart = histogram({ v: [0.1, 0.2, 0.25, 0.9, 1] }, { x: "v", bins: 5 });
    expect(values(chart)).toEqual([
      { from: 0, to: 0.2, count: 1 },
      { from: 0.2, to: 0.4, count: 2 },
      { from: 0.8, to: 1, count: 2 },
    ]);
  });

  it("counts every value, also of a constant column and of negative numbers", () => {
    const total = (v: number[]) =>
      values(histogram({ v }, { x: "v", bins: 7 })).reduce((sum, bin) => sum + (bin as { count: number }).count, 0);
    expect(total([3, 3, 3])).toBe(3);
    expect(total([-1e-9, -5, 1e-9, 0.3, 17])).toBe(5);
  });
});

describe("wrong data", () => {
  it.each([
    [
      () => scatterChart(rows, { x: "mas" as "mass", y: "mass" }),
      'scatterChart: no column "mas". Did you mean "mass"?',
    ],
    [() => lineChart({ a: [1] }, { x: "a", y: "b" as "a" }), 'lineChart: no column "b".'],
    [
      () => lineChart({ a: [1], b: [1, 2] }, { x: "a", y: "b" }),
      'lineChart: columns must have one length, but "a" has 1 values and "b" has 2.',
    ],
    [
      () => histogram(rows, { x: "species" }),
      'histogram: x must be a column of numbers, got "species". For categories use barChart.',
    ],
    [() => histogram(rows, { x: "mass", bins: 0 }), "histogram: bins must be an integer from 1 to 200, got 0."],
    [() => barChart([], { x: "a" as never }), "barChart: there are no rows to draw."],
    [() => scatterChart({ a: [null], b: [1] }, { x: "a", y: "b" }), 'scatterChart: column "a" has no values to draw.'],
    [
      () => scatterChart(rows, { x: "mass", y: "length", width: 0 }),
      "scatterChart: width must be a number above 0 to 4000, got 0.",
    ],
  ])("is one sentence (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});
