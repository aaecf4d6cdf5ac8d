import { Graph, layout } from "@dagrejs/dagre";
import { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { colours } from "../charts/spec.js";
import type { tf } from "../engine/tf.js";
import { type Box, foldedGraph } from "./folded-graph.js";
import { type GraphNode, rowShapeText } from "./model-graph.js";

/** A box where it is drawn, `y` from above. */
export interface BoxRow {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
  readonly layer: string;
  readonly text: string;
  readonly kind: Kind;
  readonly parameters: number;
}

/** A point of the line from a box to the next. */
export interface EdgeRow {
  readonly edge: number;
  readonly order: number;
  readonly x: number;
  readonly y: number;
}

/** A frame around a stretch that comes several times. */
export interface RepeatRow {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
  readonly text: string;
}

export interface GraphRows {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly BoxRow[];
  readonly edges: readonly EdgeRow[];
  readonly arrows: readonly Point[];
  readonly repeats: readonly RepeatRow[];
}

/** What a layer does with its input: nothing yet, weigh it, bring several together, or only move values about. */
type Kind = "input" | "weights" | "combination" | "other";

// Filled boxes with dark ink read on light and dark pages alike.
const fills: Record<Kind, string> = { input: "#cfe8d8", weights: "#d3e3f7", combination: "#fbdfc3", other: "#e4e6ea" };
const inkColour = "#16324f";

const boxHeight = 38;
/** Between the boxes of two ranks. */
const rankGap = 22;

/** Where everything in the drawing of a model stands, by the layout of Sugiyama et al. (1981) in dagre. */
export function graphRows(nodes: readonly GraphNode[]): GraphRows {
  const boxes = foldedGraph(nodes);
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: rankGap, marginx: 16, marginy: 10 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { width: widthOf(box), height: boxHeight });
  for (const box of boxes) for (const id of box.from) graph.setEdge(id, box.id);
  layout(graph);
  const placed = new Map(boxes.map((box) => [box.id, boxRow(box, graph.node(box.id) as Placed)]));
  const lines = (graph.edges() as { w: string }[]).map((edge): Line => {
    return { to: edge.w, points: elbows(graph.edge(edge).points as Point[]) };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: [...placed.values()],
    edges: lines.flatMap(({ points }, edge) =>
      points.map(({ x, y }, order) => ({ edge, order, ...rounded({ x, y }) })),
    ),
    arrows: lines.map(({ points }) => rounded(points.at(-1)!)),
    repeats: boxes.flatMap(({ repeated }) => (repeated ? [frame(repeated, placed, lines)] : [])),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From box to box. */
interface Line {
  readonly to: string;
  readonly points: readonly Point[];
}

interface Placed extends Point {
  readonly width: number;
}

/** The drawing of a model: a box for each layer, from the inputs above to the outputs below. */
export function graphChart(name: string, nodes: readonly GraphNode[]): Chart {
  const { width, height, boxes, edges, arrows, repeats } = graphRows(nodes);
  const position = {
    x: { field: "x", type: "quantitative", scale: { domain: [0, width], nice: false, zero: false }, axis: null },
    y: {
      field: "y",
      type: "quantitative",
      scale: { domain: [0, height], nice: false, zero: false, reverse: true },
      axis: null,
    },
  };
  const area = { ...position, x2: { field: "x2" }, y2: { field: "y2" } };
  const tooltip = ["layer", "text", "parameters"].map((field) => ({ field, type: "nominal" }));
  const centred = (offset: number, mark: object, field: string) => ({
    transform: [{ calculate: "(datum.x + datum.x2) / 2", as: "x" }],
    mark: { type: "text", color: inkColour, dy: offset, ...mark },
    encoding: { ...position, text: { field, type: "nominal" }, tooltip },
  });
  const spec = {
    width,
    height,
    layer: [
      {
        data: { values: repeats },
        mark: { type: "rect", filled: false, stroke: colours.grey, strokeDash: [4, 3], cornerRadius: 8 },
        encoding: area,
      },
      {
        data: { values: repeats },
        mark: {
          type: "text",
          align: "right",
          baseline: "top",
          dx: -6,
          dy: 5,
          fontWeight: "bold",
          color: colours.orange,
        },
        encoding: { ...position, x: { ...position.x, field: "x2" }, text: { field: "text", type: "nominal" } },
      },
      {
        data: { values: edges },
        mark: { type: "line", color: colours.grey, strokeWidth: 1.5 },
        encoding: { ...position, detail: { field: "edge" }, order: { field: "order" } },
      },
      {
        data: { values: arrows },
        mark: {
          type: "point",
          shape: "triangle-down",
          filled: true,
          size: 42,
          color: colours.grey,
          yOffset: -3,
          opacity: 1,
        },
        encoding: position,
      },
      {
        data: { values: boxes },
        mark: { type: "rect", cornerRadius: 5 },
        encoding: {
          ...area,
          color: {
            field: "kind",
            type: "nominal",
            scale: { domain: Object.keys(fills), range: Object.values(fills) },
            legend: null,
          },
          tooltip,
        },
      },
      { data: { values: boxes }, ...centred(13, { fontSize: 11.5, fontWeight: "bold" }, "layer") },
      { data: { values: boxes }, ...centred(27, { fontSize: 10 }, "text") },
    ],
  };
  return new Chart(spec, { text: `${name}: a graph of ${nodes.length} layers` });
}

function boxRow(box: Box, { x, y, width }: Placed): BoxRow {
  const { layer } = box.nodes[0]!;
  return {
    ...rounded({ x: x - width / 2, y: y - boxHeight / 2 }),
    x2: round(x + width / 2),
    y2: round(y + boxHeight / 2),
    layer: box.id,
    text: describe(box),
    kind: kindOf(layer.getClassName(), box.from.length, layer.countParams()),
    parameters: box.nodes.reduce((sum, node) => sum + node.layer.countParams(), 0),
  };
}

/** What happens in a box, and the shape that comes out. */
function describe({ nodes }: Box): string {
  const kinds = nodes.map(({ layer }) => shortKind(layer));
  const { outputShapes } = nodes.at(-1)!;
  return [...kinds, outputShapes.map(rowShapeText).join(", ")].filter(Boolean).join("  ·  ");
}

function shortKind(layer: tf.layers.Layer): string {
  const className = layer.getClassName();
  const { kernelSize, strides, poolSize, activation } = layer.getConfig();
  const window = [kernelSize ?? poolSize ?? []].flat().join("x");
  const stride = [strides ?? 1].flat()[0] as number;
  const step = kernelSize !== undefined && stride > 1 ? `/${stride}` : "";
  const follows = className !== "Activation" && activation && activation !== "linear" ? ` + ${String(activation)}` : "";
  const kind = className === "Activation" ? String(activation) : nameOf(className);
  const { layer: inner } = layer.getConfig() as { layer?: { className: string } };
  const wrapped = inner ? ` ${nameOf(inner.className)}` : "";
  return className === "InputLayer" ? "" : `${kind}${window && ` ${window}`}${step}${follows}${wrapped}`;
}

function nameOf(className: string): string {
  return shortNames[className.replace(/[123]D$/, "")] ?? words(className);
}

const shortNames: Record<string, string> = {
  BatchNormalization: "batch norm",
  LayerNormalization: "layer norm",
  GroupNormalization: "group norm",
  RMSNormalization: "rms norm",
  UnitNormalization: "unit norm",
  SpectralNormalization: "spectral norm",
  ReLU: "relu",
  PReLU: "prelu",
  LeakyReLU: "leaky relu",
  ThresholdedReLU: "thresholded relu",
  GlobalAveragePooling: "global average",
  GlobalMaxPooling: "global maximum",
  MaxPooling: "max pool",
  AveragePooling: "average pool",
  ZeroPadding: "zero padding",
  UpSampling: "upsampling",
  Cropping: "cropping",
  Conv2DTranspose: "transposed conv2d",
  Conv3DTranspose: "transposed conv3d",
  MultiHeadAttention: "multi-head attention",
  GroupedQueryAttention: "grouped-query attention",
  LSTM: "lstm",
  GRU: "gru",
};

function words(className: string): string {
  return className.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

function kindOf(className: string, nInputs: number, parameters: number): Kind {
  if (className === "InputLayer") return "input";
  if (nInputs > 1) return "combination";
  return parameters > 0 ? "weights" : "other";
}

/** Wide enough for its text; about, because a browser has other fonts. */
function widthOf(box: Box): number {
  return Math.max(90, 24 + Math.max(box.id.length * 7, describe(box).length * 5.4));
}

/** Around boxes and the lines that end at them, with room for the text beside them. */
function frame(
  { times, boxes }: NonNullable<Box["repeated"]>,
  placed: ReadonlyMap<string, BoxRow>,
  lines: readonly Line[],
): RepeatRow {
  const inside = boxes.map((id) => placed.get(id)!);
  const margin = 9;
  const [y, y2] = [Math.min(...inside.map((box) => box.y)) - margin, Math.max(...inside.map((box) => box.y2)) + margin];
  const lanes = lines
    .filter(({ to }) => boxes.includes(to))
    .flatMap(({ points }) => points.filter((point) => point.y > y));
  const sides = [...inside.flatMap(({ x, x2 }) => [x, x2]), ...lanes.map(({ x }) => round(x))];
  const text = `${readableNumber(times)} times`;
  return { x: Math.min(...sides) - margin, y, x2: Math.max(...sides) + margin + 48, y2, text };
}

/** Lines go down and turn at right angles, between two boxes halfway. */
function elbows(points: readonly Point[]): Point[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  const bends = last.y - first.y > 1.5 * rankGap ? points.slice(1, -1) : [];
  const path = [first];
  for (const to of [...bends, last]) {
    const from = path.at(-1)!;
    const y = to === last ? to.y - rankGap / 2 : (from.y + to.y) / 2;
    path.push({ x: from.x, y }, { x: to.x, y }, to);
  }
  return path.filter(({ x }, i) => i === 0 || i === path.length - 1 || x !== path[i - 1]!.x || x !== path[i + 1]!.x);
}

function rounded({ x, y }: Point): Point {
  return { x: round(x), y: round(y) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
