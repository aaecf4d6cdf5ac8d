import { PbfWriter } from "pbf";
import type { Attribute, Graph, GraphNode, Value } from "./graph.js";
import { dtypeCode, stored } from "./nodes.js";

const irVersion = 8;
const opsetVersion = 18;
/** The types of attributes, as `onnx.proto` numbers them. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/**
 * The graph as an ONNX model (onnx.proto, version 8 of the format, operators of version 18). The same graph gives the same
 * bytes.
 *
 * @param outputs - Names, and what to compute for them.
 * @param batch - The name of the first size of inputs and outputs, if it may be any.
 */
export function onnxModel(graph: Graph, outputs: Readonly<Record<string, Value>>, batch?: string): Uint8Array {
  const results = Object.entries(outputs).map(([name, value]) => [name, stored(value)] as const);
  const { nodes, used } = graph.needed([...results.map(([, value]) => value), ...graph.inputs]);
  const names = new Map<Value, string>();
  for (const node of nodes) {
    for (const value of node.outputs) {
      // The places of the greatest are the one output that may be left out: then finding them costs nothing.
      if (used.has(value) || node.op !== "MaxPool") names.set(value, String(node.attributes.name ?? `v${names.size}`));
    }
  }
  const nameOf = (value: Value | null): string => (value && names.get(value)) ?? "";
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, "etude");
  pbf.writeMessage(7, writeGraph, null);
  pbf.writeMessage(8, (_, file) => file.writeVarintField(2, opsetVersion), null);
  return pbf.finish();

  function writeGraph(_: null, file: PbfWriter): void {
    for (const node of nodes) {
      if (node.op !== "Input" && node.op !== "Constant" && node.op !== "Splat") file.writeMessage(1, writeNode, node);
    }
    // An output has a name of its own, also if it is an input or two outputs are one value.
    for (const [name, value] of results) file.writeMessage(1, writeOutput, [nameOf(value), name] as const);
    file.writeStringField(2, "step");
    for (const node of nodes) if (node.op === "Constant") file.writeMessage(5, writeConstant, node);
    for (const value of graph.inputs) file.writeMessage(11, writeValueInfo, [nameOf(value), value] as const);
    for (const result of results) file.writeMessage(12, writeValueInfo, result);
  }

  function writeNode({ op, inputs, outputs, attributes }: GraphNode, file: PbfWriter): void {
    for (const input of inputs) file.writeStringField(1, nameOf(input));
    for (const output of outputs) file.writeStringField(2, nameOf(output));
    file.writeStringField(4, op);
    for (const attribute of Object.entries(attributes)) file.writeMessage(5, writeAttribute, attribute);
  }

  function writeValueInfo([name, { dtype, shape }]: readonly [string, Value], file: PbfWriter): void {
    file.writeStringField(1, name);
    const writeSize = (size: number, one: PbfWriter, isBatch: boolean) =>
      isBatch ? one.writeStringField(2, batch!) : one.writeVarintField(1, size);
    const writeShape = (_: null, sizes: PbfWriter) => {
      shape.forEach((size, axis) => {
        sizes.writeMessage(1, (_, one) => writeSize(size, one, batch !== undefined && axis === 0), null);
      });
    };
    const writeTensor = (_: null, tensor: PbfWriter) => {
      tensor.writeVarintField(1, dtypeCode(dtype));
      tensor.writeMessage(2, writeShape, null);
    };
    file.writeMessage(2, (_, type) => type.writeMessage(1, writeTensor, null), null);
  }

  function writeConstant({ data, outputs }: GraphNode, file: PbfWriter): void {
    const value = outputs[0]!;
    for (const size of value.shape) file.writeVarintField(1, size);
    file.writeVarintField(2, dtypeCode(value.dtype));
    file.writeStringField(8, nameOf(value));
    file.writeBytesField(9, new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength));
  }
}

function writeOutput([from, to]: readonly [string, string], file: PbfWriter): void {
  file.writeStringField(1, from);
  file.writeStringField(2, to);
  file.writeStringField(4, "Identity");
}

function writeAttribute([name, value]: [string, Attribute], file: PbfWriter): void {
  file.writeStringField(1, name);
  if (typeof value === "number") {
    file.writeVarintField(3, value);
    file.writeVarintField(20, attributeTypes.int);
  } else if (typeof value === "string") {
    file.writeStringField(4, value);
    file.writeVarintField(20, attributeTypes.string);
  } else if ("float" in value) {
    file.writeFloatField(2, value.float);
    file.writeVarintField(20, attributeTypes.float);
  } else {
    for (const item of value) file.writeVarintField(8, item);
    file.writeVarintField(20, attributeTypes.ints);
  }
}
