import { Graph, type GraphNode, type Value } from "./graph.js";
import { NotTraceable } from "./trace.js";

/** A graph whose outputs may be asked for together with what else the graph makes of them. */
export interface Computation {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Value>>;
}

/**
 * One graph for batches of any size, from two graphs of the same step that were traced with different sizes: a size that
 * differs between them goes with the batch.
 *
 * @throws NotTraceable if the two differ in more than sizes that a batch can stand for.
 */
export function forAnyBatch(one: Computation, other: Computation): Computation {
  const [left, right] = [one, other].map(({ graph, outputs }) => graph.needed(Object.values(outputs)).nodes);
  const graph = new Graph();
  const copies = new Map<Value, Value>();
  if (left!.length !== right!.length) throw differs();
  const partner = new Map<GraphNode, GraphNode>(left!.map((node, i) => [node, right![i]!]));
  for (const node of left!) {
    const twin = partner.get(node)!;
    if (node.op !== twin.op) throw differs();
    if (isSizes(node)) continue; // copied by who uses it
    if (node.data && Buffer.compare(bytes(node), bytes(twin)) !== 0) throw differs();
    const inputs = node.inputs.map((input, i) => {
      if (input === null) return null;
      const [from, to] = [input.node, twin.inputs[i]!.node];
      return isSizes(from) ? graph.integers(sizesFor(node.op, numbers(from), numbers(to))) : copies.get(input)!;
    });
    const copy = graph.add(node.op, inputs, node.attributes, node.outputs, node.data);
    node.outputs.forEach((output, i) => {
      copies.set(output, copy.outputs[i]!);
    });
    if (node.op === "Input") graph.input(String(node.attributes.name), node.outputs[0]!);
  }
  const outputs = Object.entries(one.outputs).map(([name, value]) => [name, copies.get(value)!] as const);
  return { graph, outputs: Object.fromEntries(outputs) };
}

/** Sizes as the operator takes them, where those of two batches differ. */
function sizesFor(op: string, one: readonly number[], other: readonly number[]): number[] {
  const differing = one.filter((size, i) => size !== other[i]).length;
  if (differing === 0) return [...one];
  const isBatch = (i: number) => one[i] !== other[i];
  if (op === "Reshape" && differing === 1) return one.map((size, i) => (isBatch(i) ? -1 : size));
  // What is spread over the batch stays one row, which broadcasting spreads.
  if (op === "Expand") return one.map((size, i) => (isBatch(i) ? 1 : size));
  throw differs();
}

function isSizes({ op, outputs }: GraphNode): boolean {
  return op === "Constant" && outputs[0]!.dtype === "int64";
}

function numbers({ data }: GraphNode): number[] {
  return Array.from(data as BigInt64Array, Number);
}

function bytes({ data }: GraphNode): Uint8Array {
  return new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength);
}

function differs(): NotTraceable {
  return new NotTraceable("what it computes depends on how many rows a batch has");
}
