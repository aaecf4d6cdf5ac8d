import { createHash } from "node:crypto";

export type GraphDType = "float32" | "int32" | "bool" | "int64";
export type GraphArray = Float32Array | Int32Array | Uint8Array | BigInt64Array;
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface ValueType {
  readonly shape: readonly number[];
  readonly dtype: GraphDType;
}

/** What a node computes: a tensor that is known by its type only. */
export interface Value extends ValueType {
  readonly graph: Graph;
  readonly id: number;
  readonly node: GraphNode;
}

/**
 * One ONNX operator with its operands. Three kinds are none: `Input`, `Constant` (with `data`) and `Splat`, a tensor whose
 * every element is the attribute `value`.
 */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  readonly data?: GraphArray;
}

/**
 * A computation in ONNX operators. Nodes are only ever added, operands before what uses them, and equal ones are one: what
 * the forward pass computed, the backward pass finds.
 */
export class Graph {
  readonly inputs: Value[] = [];
  private readonly nodes = new Map<string, GraphNode>();
  private size = 0;

  input(name: string, type: ValueType): Value {
    const value = this.add("Input", [], { name }, [type]).outputs[0]!;
    if (!this.inputs.includes(value)) this.inputs.push(value);
    return value;
  }

  /** @param name - How the constant is called in a file; without one, equal constants are one. */
  constant(data: GraphArray, type: ValueType, name?: string): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const content = createHash("sha1").update(bytes).digest("base64");
    return this.add("Constant", [], name === undefined ? { content } : { content, name }, [type], data).outputs[0]!;
  }

  /** A list of whole numbers, as the operators take shapes and axes. */
  integers(list: readonly number[]): Value {
    return this.constant(BigInt64Array.from(list, BigInt), { shape: [list.length], dtype: "int64" });
  }

  splat(value: number, type: ValueType): Value {
    // Written out, because JSON has no word for the numbers that are not finite.
    return this.add("Splat", [], { value: Object.is(value, -0) ? "-0" : String(value) }, [type]).outputs[0]!;
  }

  add(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Attributes,
    outputs: readonly ValueType[],
    data?: GraphArray,
  ): GraphNode {
    const key = keyOf(op, inputs, attributes, inputs.length === 0 ? outputs : []);
    const known = this.nodes.get(key);
    if (known !== undefined) return known;
    const values: Value[] = [];
    const node: GraphNode = { op, inputs, attributes, outputs: values, ...(data && { data }) };
    for (const { shape, dtype } of outputs) values.push({ graph: this, id: this.size++, node, shape, dtype });
    this.nodes.set(key, node);
    return node;
  }

  /** What `op` gives of `inputs`, if the graph computes it already. */
  find(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value | undefined {
    return this.nodes.get(keyOf(op, inputs, attributes, []))?.outputs[0];
  }

  all(): readonly GraphNode[] {
    return [...this.nodes.values()];
  }

  /** The nodes that `outputs` need, operands first. */
  needed(outputs: readonly Value[]): { readonly nodes: readonly GraphNode[]; readonly used: ReadonlySet<Value> } {
    const used = new Set<Value>();
    const reached = new Set<GraphNode>();
    const open = [...outputs];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      if (used.has(value)) continue;
      used.add(value);
      if (reached.has(value.node)) continue;
      reached.add(value.node);
      for (const operand of value.node.inputs) if (operand) open.push(operand);
    }
    return { nodes: [...this.nodes.values()].filter((node) => reached.has(node)), used };
  }
}

function keyOf(
  op: string,
  inputs: readonly (Value | null)[],
  attributes: Attributes,
  types: readonly ValueType[],
): string {
  const sizes = types.map(({ shape, dtype }) => [dtype, ...shape]);
  return `${op}|${inputs.map((value) => value?.id).join()}|${JSON.stringify([attributes, sizes])}`;
}

/** The number that fills `value`, if one does. */
export function splatOf(value: Value): number | undefined {
  return value.node.op === "Splat" ? Number(value.node.attributes.value) : undefined;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
