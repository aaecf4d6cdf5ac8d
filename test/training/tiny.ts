import { Matrix } from "../../src/core/matrix.js";
import { RandomStream } from "../../src/core/random.js";

/** Two clouds of points a line can part; classes 0 and 1 in turn. */
export function clouds(nRows = 40, seed = 1) {
  const random = RandomStream.of(seed, "data");
  const y = Int32Array.from({ length: nRows }, (_, row) => row % 2);
  const rows = Array.from(y, (label) => [random.normal() + 4 * label, random.normal() - 2 * label]);
  return { x: Matrix.from(rows, ["height", "width"]), y };
}
