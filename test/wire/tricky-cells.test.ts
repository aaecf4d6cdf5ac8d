import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";

interface TrickyCase {
  readonly name: string;
  readonly steps: readonly ({ readonly cell: string } | { readonly write: string; readonly text: string })[];
  readonly expected: unknown;
  readonly noResult: boolean;
}

const { cases }: { cases: TrickyCase[] } = JSON.parse(
  readFileSync(new URL("./tricky-cells.json", import.meta.url), "utf8"),
);

describe("tricky cells run as a notebook expects", () => {
  let kernel: TestKernel;
  afterEach(() => kernel.stop());

  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, { steps, expected, noResult }) => {
    kernel = await TestKernel.start();
    let result: string | undefined;
    for (const step of steps) {
      if ("cell" in step) ({ result } = await kernel.run(step.cell));
      else kernel.write(step.write, step.text);
    }
    if (noResult) expect(result).toBeUndefined();
    // The inspector prints a string in quotes; the table holds its text.
    else expect(result?.replace(/^'(.*)'$/s, "$1")).toBe(String(expected));
  });
});
