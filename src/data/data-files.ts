import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packageRoot } from "../core/package-root.js";

/** The lines of a table that we ship ourselves, the header first; its cells hold no commas or quotes. */
export function readShippedTable(name: string): string[][] {
  const text = gunzipSync(readFileSync(join(packageRoot, "src/data/files", `${name}.csv.gz`))).toString();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
}

/** The rows of a JSON file of the package vega-datasets. */
export function readVegaRows<Row>(name: string): Row[] {
  const build = dirname(createRequire(import.meta.url).resolve("vega-datasets"));
  return JSON.parse(readFileSync(join(build, "../data", `${name}.json`), "utf8"));
}
