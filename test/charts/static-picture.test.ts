import { describe, expect, it } from "@jest/globals";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { barChart } from "../../src/charts/bar-chart.js";
import { confusionMatrixChart } from "../../src/charts/confusion-matrix-chart.js";
import { histogram } from "../../src/charts/histogram.js";
import { compiled, staticPicture } from "../../src/charts/static-picture.js";
import { trainingBoard } from "../../src/charts/training-board.js";
import { scatterChart } from "../../src/charts/xy-charts.js";

async function colourCounts(png: Uint8Array): Promise<{ width: number; height: number; counts: Map<string, number> }> {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = [...data.subarray(i, i + 3)].join(",");
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return { width: image.width, height: image.height, counts };
}

const square = {
  data: { values: [{ a: 1 }] },
  width: 100,
  height: 50,
  mark: { type: "rect", color: "#ff0000", invalid: null },
};

describe("staticPicture", () => {
  it("draws every unit as two pixels, on white, with a margin of 8", async () => {
    const { width, height, counts } = await colourCounts(staticPicture(square));
    expect([width, height]).toEqual([232, 132]);
    expect(counts.get("255,0,0")).toBeGreaterThan(19_000);
    expect(counts.get("255,255,255")).toBeGreaterThan(10_000);
  });

  it("draws text", async () => {
    const { counts } = await colourCounts(staticPicture({ ...square, title: "A title" }));
    expect(counts.get("0,0,0")).toBeGreaterThan(50);
  });

  it.each(["/etc/passwd", "file:///etc/passwd", "https://example.org/data.json"])("refuses to load %s", (url) => {
    expect(() => staticPicture({ ...square, data: { url } })).toThrow(
      `A static picture reads no files and no network, got ${JSON.stringify(url)}. Use data.values.`,
    );
  });

  it("fails with the reason when an expression does", () => {
    expect(() => staticPicture({ ...square, transform: [{ calculate: "nothing.of.this", as: "b" }] })).toThrow(
      "nothing",
    );
  });
});

describe("what users name", () => {
  it.each([
    `a"]+toString(1)+datum["b`,
    "a.b[0]\\'",
    "<img src=x onerror=alert(1)>",
    "');alert(1)//",
    "{{constructor.constructor('return 1')()}}",
  ])("%s is data and never part of an expression", (name) => {
    const rows = [
      { [name]: 1, y: 2, c: name },
      { [name]: 3, y: 4, c: "other" },
    ];
    const run = [{ epoch: 1, seconds: 1, metrics: { [name]: 1 } }];
    const board = { title: name, status: "stopped", reason: name, epochs: 1, rows: run, bestEpoch: 1 } as const;
    for (const { spec } of [
      scatterChart(rows, { x: name, y: "y", color: "c", title: name }),
      barChart(rows, { x: "c", y: name, color: "c", title: name }),
      histogram(rows, { x: name, color: "c" }),
      confusionMatrixChart(
        {
          counts: [
            [1, 0],
            [0, 1],
          ],
          labels: [name, "b"],
        },
        { title: name },
      ),
      trainingBoard({ ...board, earlier: [{ label: name, rows: run }] }),
    ]) {
      expect(expressionsIn(compiled(spec)).filter((text) => text.includes(name))).toEqual([]);
      expect(staticPicture(spec).length).toBeGreaterThan(1000);
    }
  });
});

function expressionsIn(part: unknown, key = ""): string[] {
  if (typeof part === "string") return ["signal", "expr", "test", "update", "field"].includes(key) ? [part] : [];
  if (part === null || typeof part !== "object") return [];
  return Object.entries(part).flatMap(([name, value]) => expressionsIn(value, Array.isArray(part) ? key : name));
}
