import { RandomStream } from "../core/random.js";
import { CompiledFunction } from "../engine/compiled/compiled-function.js";
import type { HostVariables } from "../engine/compiled/host-variables.js";
import type { GraphArray } from "../engine/graph/graph.js";
import type { Step } from "../engine/graph/trace.js";
import type { NumberBlock } from "./number-block.js";

/** Rows of numbers as a compiled step takes them. */
interface PackedRows {
  readonly values: Float32Array | Int32Array;
  readonly rowShape: readonly number[];
  readonly rowSize: number;
  readonly dtype: "float32" | "int32";
}

/** A step on batches of rows, compiled once for each number of rows that comes. */
export class CompiledBatches {
  private readonly blocks: readonly PackedRows[];
  private readonly functions = new Map<number, CompiledFunction>();

  /** @param random - Where dropout and noise draw from. */
  constructor(
    private readonly step: Step,
    blocks: readonly NumberBlock[],
    private readonly variables: HostVariables,
    private readonly random = RandomStream.of(0, "dropout"),
  ) {
    this.blocks = blocks.map(packed);
  }

  /**
   * What the step computes of `rows`, by name; overwritten by the next run.
   * @throws NotCompiled at the first batch of a size, if it must run operation by operation.
   */
  run(rows: Int32Array): Readonly<Record<string, GraphArray>> {
    const compiled = this.functions.get(rows.length) ?? this.compile(rows.length);
    this.blocks.forEach((block, i) => {
      gather(block, rows, compiled.inputs[i]!);
    });
    compiled.run(this.variables, this.random);
    return compiled.outputs;
  }

  /** Compiles again at the next run if the step is no longer what it was. */
  refresh(): void {
    const [any] = this.functions.values();
    if (any && !any.isStill(this.step)) this.dispose();
  }

  dispose(): void {
    for (const compiled of this.functions.values()) compiled.dispose();
    this.functions.clear();
  }

  private compile(nRows: number): CompiledFunction {
    const types = this.blocks.map(({ rowShape, dtype }) => ({ shape: [nRows, ...rowShape], dtype }));
    const compiled = CompiledFunction.of(this.step, types, this.variables);
    this.functions.set(nRows, compiled);
    return compiled;
  }
}

function packed({ values, shape, dtype = "float32" }: NumberBlock): PackedRows {
  const [nRows, ...rowShape] = shape as [number, ...number[]];
  const typed = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
  return { values: typed, rowShape, rowSize: typed.length / nRows, dtype };
}

function gather({ values, rowSize }: PackedRows, rows: Int32Array, to: GraphArray): void {
  const target = to as Float32Array;
  if (rowSize === 1) for (let i = 0; i < rows.length; i++) target[i] = values[rows[i]!]!;
  else for (let i = 0; i < rows.length; i++) target.set(rowOf(values, rows[i]!, rowSize), i * rowSize);
}

function rowOf(values: Float32Array | Int32Array, row: number, rowSize: number) {
  return values.subarray(row * rowSize, (row + 1) * rowSize);
}
