import type { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import type { Label } from "../data/labels.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";

/** Rates of each class over all thresholds: the rows, what lies under each curve, a chart. */
export abstract class RateCurve<Row extends { readonly label: Label }> implements Displayable {
  constructor(
    protected readonly rows: readonly Row[],
    /** What lies under the curve of each class. */
    readonly areas: ReadonlyMap<Label, number>,
    protected readonly title: string,
  ) {}

  abstract get chart(): Chart;

  /** What lies under the curve; of more than two classes the mean of theirs. */
  get area(): number {
    return [...this.areas.values()].reduce((a, b) => a + b) / this.areas.size;
  }

  toRows(): Row[] {
    return [...this.rows];
  }

  [displaySymbol](): MimeBundle | Promise<MimeBundle> {
    return this.chart[displaySymbol]();
  }

  /** Points of the chart, each class under its name and area. */
  protected points(x: (row: Row) => number, y: (row: Row) => number) {
    const names = new Map([...this.areas].map(([label, area]) => [label, `${label}: ${readableNumber(area)}`]));
    return this.rows.map((row) => ({ series: names.get(row.label)!, x: x(row), y: y(row) }));
  }
}
