import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";

// The file's Python script says how it was made.
const scipy: {
  readonly thresholds: number[];
  readonly cdf: number[];
  readonly quantiles64: number[];
  readonly tails: [threshold: number, probability: number][];
  readonly ksCritical: number;
  readonly chiSquareCritical: number;
} = JSON.parse(readFileSync(new URL("./fixtures/scipy-normal.json", import.meta.url), "utf8"));

const n = 200_000;

function draws(fill: "fillUniform" | "fillNormal", seed: number): Float32Array {
  const array = new Float32Array(n);
  RandomStream.of(seed, "data")[fill](array);
  return array;
}

function moment(values: Float32Array, power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

/** The largest distance between the distribution of `values` and `cdf`. */
function ksDistance(values: Float32Array, cdf: (value: number) => number): number {
  return Float32Array.from(values)
    .sort()
    .reduce((worst, value, i, { length }) => {
      return Math.max(worst, Math.abs(cdf(value) - i / length), Math.abs(cdf(value) - (i + 1) / length));
    }, 0);
}

describe("RandomStream", () => {
  it("draws the same numbers in every version of this library", () => {
    const random = RandomStream.of(7, "shuffle");
    expect([random.uniform(), random.integer(1000), random.normal()]).toEqual([
      0.2641654821097529, 334, 0.11483983089844675,
    ]);
    expect([...random.permutation(8)]).toEqual([5, 7, 1, 4, 2, 3, 6, 0]);
  });

  it("fills with the same numbers in every version of this library", () => {
    const [uniform, normal] = [new Float32Array(3), new Float32Array(3)];
    const random = RandomStream.of(7, "dropout");
    random.fillUniform(uniform);
    random.fillNormal(normal);
    expect([...uniform]).toEqual([0.7480076551437378, 0.941412627696991, 0.7611114978790283]);
    expect([...normal]).toEqual([-0.14982552826404572, 0.5951082706451416, 1.3768882751464844]);
  });

  it("fills part by part with what it fills at once", () => {
    const [whole, parts] = [new Float32Array(1001), new Float32Array(1001)];
    for (const fill of ["fillUniform", "fillNormal"] as const) {
      RandomStream.of(1, "init")[fill](whole);
      const random = RandomStream.of(1, "init");
      random[fill](parts.subarray(0, 333));
      const later = RandomStream.from(JSON.parse(JSON.stringify(random.state())));
      later[fill](parts.subarray(333));
      expect(parts).toEqual(whole);
    }
  });

  it("fills with a smallest 0 and never a 1", () => {
    const highest = RandomStream.from([0, -1, 0, 0]); // all 32 bits of the first number are set
    const lowest = RandomStream.from([1, 0, 1, 0]);
    const [high, low] = [new Float32Array(1), new Float32Array(1)];
    highest.fillUniform(high);
    lowest.fillUniform(low);
    expect([high[0], low[0]]).toEqual([1 - 2 ** -24, 0]);
  });

  it.each([1, 2, 3])("fillUniform with seed %i has the moments and the distribution of the uniform", (seed) => {
    const values = draws("fillUniform", seed);
    const [mean, variance] = [moment(values, 1), moment(values, 2) - moment(values, 1) ** 2];
    expect(Math.abs(mean - 1 / 2) / Math.sqrt(1 / 12 / n)).toBeLessThan(3);
    expect(Math.abs(variance - 1 / 12) / Math.sqrt(1 / 180 / n)).toBeLessThan(3);
    expect(ksDistance(values, (value) => value)).toBeLessThan(scipy.ksCritical);
  });

  it.each([1, 2, 3])("fillNormal with seed %i has the moments and the distribution of the normal", (seed) => {
    const values = draws("fillNormal", seed);
    expect(Math.abs(moment(values, 1)) / Math.sqrt(1 / n)).toBeLessThan(3);
    expect(Math.abs(moment(values, 2) - 1) / Math.sqrt(2 / n)).toBeLessThan(3);
    expect(Math.abs(moment(values, 3)) / Math.sqrt(15 / n)).toBeLessThan(3);
    expect(Math.abs(moment(values, 4) - 3) / Math.sqrt(96 / n)).toBeLessThan(3);
    expect(ksDistance(values, interpolatedNormalCdf)).toBeLessThan(scipy.ksCritical);
  });

  it("fillNormal has the tails of the normal, on both sides", () => {
    const values = new Float32Array(4_000_000);
    RandomStream.of(4, "data").fillNormal(values);
    for (const [threshold, probability] of scipy.tails) {
      const expected = values.length * probability;
      for (const sign of [1, -1]) {
        const found = values.reduce((count, value) => count + (sign * value > threshold ? 1 : 0), 0);
        expect(Math.abs(found - expected) / Math.sqrt(expected)).toBeLessThan(4);
      }
    }
  });

  it("fillNormal hits each of 64 equally likely bins as often", () => {
    const counts = new Float64Array(64);
    for (const value of draws("fillNormal", 5)) {
      const bin = scipy.quantiles64.findIndex((quantile) => value < quantile);
      counts[bin === -1 ? 63 : bin]! += 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    expect(chiSquare).toBeLessThan(scipy.chiSquareCritical);
  });
});

/** Linear between points 0.03 apart, which is nearer than 3e-5; the critical distance is 4e-3. */
function interpolatedNormalCdf(value: number): number {
  const { thresholds, cdf } = scipy;
  const step = thresholds[1]! - thresholds[0]!;
  const place = Math.min(Math.max((value - thresholds[0]!) / step, 0), thresholds.length - 1.001);
  const i = Math.floor(place);
  return cdf[i]! + (place - i) * (cdf[i + 1]! - cdf[i]!);
}
