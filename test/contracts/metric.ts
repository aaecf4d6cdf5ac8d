import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { StreamingMetric } from "../../src/metrics/streaming-metric.js";

/** What metrics are measured on: rows of the fixture, and what scikit-learn 1.9 says of them. */
export type MetricData = "classes" | "answers" | "numbers" | "columns" | "quantiles";

interface Fixture {
  readonly weights: readonly number[];
  readonly data: Readonly<
    Record<MetricData, Readonly<Record<"yTrue" | "yPred" | "probabilities", number[] | number[][]>>>
  >;
  readonly cases: readonly {
    readonly metric: string;
    readonly data: MetricData;
    readonly options: object;
    readonly value: number;
    readonly weighted: number;
  }[];
}

/** Made by test/reference/metrics/metrics.py, with the versions that it says. */
export const metricFixture: Fixture & Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(new URL("../reference/metrics/fixtures/metrics.json", import.meta.url), "utf8"),
);
const { weights } = metricFixture;

/** A metric as a function of all rows. */
type Whole = (yTrue: number[], yPred: number[], options: object) => number;

/** Rows as a metric is fed with them. */
class Fed {
  constructor(
    private readonly metric: StreamingMetric,
    private readonly kind: MetricData,
  ) {}

  /** @param sizes - Of the batches, again and again. */
  all(sizes: readonly number[], rowWeights?: readonly number[], rows = weights.map((_, row) => row)): this {
    for (let start = 0, i = 0; start < rows.length; i++) {
      const batch = rows.slice(start, start + sizes[i % sizes.length]!);
      this.batch(batch, rowWeights && batch.map((row) => rowWeights[row]!));
      start += batch.length;
    }
    return this;
  }

  batch(rows: readonly number[], batchWeights?: readonly number[]): this {
    const { yTrue, yPred, probabilities } = metricFixture.data[this.kind];
    const take = (values: number[] | number[][]) => rows.flatMap((row) => values[row]!);
    const predictions = take(this.metric.needs === "probabilities" ? probabilities : yPred);
    const nOutputs = this.kind === "classes" ? 4 : this.kind === "columns" ? 2 : this.kind === "answers" ? 2 : 1;
    this.metric.update(take(yTrue), predictions, batchWeights, nOutputs);
    return this;
  }

  get result(): number {
    return this.metric.result();
  }
}

const close = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));

/**
 * What holds for every metric of `metrics`, with the options of each of its cases in the fixture.
 * @param options.whole - The function of all rows of the same name.
 * @param options.wrong - A value that each option refuses.
 */
export function metricContract(
  name: string,
  make: (options?: object) => StreamingMetric,
  { whole, wrong = {} }: { readonly whole: Whole; readonly wrong?: Readonly<Record<string, unknown>> },
): void {
  const cases = metricFixture.cases.filter(({ metric }) => metric === name);

  describe(`${name} keeps the metric contract`, () => {
    it("is in the fixture", () => {
      expect(cases.length).toBeGreaterThan(0);
    });

    describe.each(cases)("$data $options", ({ data, options, value, weighted }) => {
      const fed = () => new Fed(make(options), data);
      // scikit-learn has no weights for pairs of classes.
      const isWeighable = (options as { multiClass?: string }).multiClass !== "ovo";

      it.each([[[100]], [[32]], [[1, 7, 2]]])("equals scikit-learn in batches of %j", (sizes) => {
        close(fed().all(sizes).result, value);
        if (isWeighable) close(fed().all(sizes, weights).result, weighted);
      });

      it("equals scikit-learn as a function of all rows", () => {
        const { yTrue, yPred, probabilities } = metricFixture.data[data];
        const predictions = make().needs === "probabilities" ? probabilities : yPred;
        const call = (more: object) => whole(yTrue as number[], predictions as number[], { ...options, ...more });
        close(call({}), value);
        if (isWeighable) close(call({ weights }), weighted);
      });

      it("counts a weight of 2 as the row twice, and of 0 as no row", () => {
        const copies = weights.map((_, row) => row % 3);
        const repeated = copies.flatMap((times, row) => new Array<number>(times).fill(row));
        close(fed().all([9], copies).result, fed().all([100], undefined, repeated).result);
      });

      it("does not depend on the order of the rows", () => {
        const backwards = weights.map((_, row) => weights.length - 1 - row);
        close(fed().all([11], undefined, backwards).result, value);
      });

      it("goes on from its state in another object, through JSON", () => {
        const first = make(options);
        const rows = weights.map((_, row) => row);
        new Fed(first, data).batch(rows.slice(0, 25), weights.slice(0, 25));
        const second = make(options);
        new Fed(second, data).batch([3, 4]);
        second.restore(JSON.parse(JSON.stringify(first.state())));
        expect(second.result()).toBe(first.result());
        for (const metric of [first, second]) new Fed(metric, data).batch(rows.slice(25), weights.slice(25));
        expect(second.result()).toBe(first.result());
        if (isWeighable) close(second.result(), weighted);
      });

      it("forgets all rows at a reset", () => {
        const metric = make(options);
        new Fed(metric, data).batch([0, 5, 6]);
        metric.reset();
        expect(metric.result()).toBeNaN();
        close(new Fed(metric, data).all([20]).result, value);
      });
    });

    it("is NaN before the first row", () => {
      expect(make().result()).toBeNaN();
    });

    it("is called what its name says", () => {
      expect(make().name).toBe(name);
      expect(make({ name: "mine" }).name).toBe("mine");
    });

    it("refuses an option that there is not, with those that there are", () => {
      const all = ["name", ...Object.keys(wrong)].join(", ");
      expect(() => make({ avrage: 1 })).toThrow(`metrics.${name}: there is no option "avrage", only ${all}.`);
    });

    it.each(Object.entries({ name: "", ...wrong }))("refuses a wrong value in one sentence: %s %j", (option, value) => {
      expect(() => make({ [option]: value })).toThrow(new RegExp(`^metrics\\.${name}: ${option} must .*, got .*\\.$`));
    });

    it("refuses predictions of other rows and bad weights in one sentence", () => {
      const metric = make();
      expect(() => metric.update([0, 1, 1], [0, 1])).toThrow(/^metrics\.\w+: .*3 rows.*\.$/);
      expect(() => metric.update([0], [1], [-1])).toThrow(
        `metrics.${name}: weights must be finite numbers from 0, got -1 in row 0.`,
      );
    });
  });
}
