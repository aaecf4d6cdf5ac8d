import { Graph, layout } from "@dagrejs/dagre";
import { Chart } from "../charts/chart.js";
import { readableNumber } from "../charts/numbers.js";
import { colours } from "../charts/spec.js";
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

/** Where everything in the drawing of a model stands, by the layout of Sugiyama et al. (1981) in dagre. */
export function graphRows(nodes: readonly GraphNode[]): GraphRows {
  const boxes = foldedGraph(nodes);
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 22, marginx: 16, marginy: 10 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { width: widthOf(box), height: boxHeight });
  for (const box of boxes) for (const id of box.from) graph.setEdge(id, box.id);
  layout(graph);
  const placed = new Map(boxes.map((box) => [box.id, boxRow(box, graph.node(box.id) as Placed)]));
  const lines = (graph.edges() as object[]).map((edge) => elbows(graph.edge(edge).points as Point[]));
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: [...placed.values()],
    edges: lines.flatMap((points, edge) => points.map(({ x, y }, order) => ({ edge, order, ...rounded({ x, y }) }))),
    arrows: lines.map((points) => rounded(points.at(-1)!)),
    repeats: boxes.flatMap(({ repeated }) => (repeated ? [frame(repeated, placed)] : [])),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
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
  const kinds = nodes.map(({ layer }) => shortKind(layer.getClassName(), layer.getConfig()));
  const { outputShapes } = nodes.at(-1)!;
  return [...kinds, outputShapes.map(rowShapeText).join(", ")].filter(Boolean).join("  ·  ");
}

function shortKind(className: string, config: Record<string, unknown>): string {
  const { kernelSize, strides, poolSize, activation } = config;
  const window = [kernelSize ?? poolSize ?? []].flat().join("x");
  const stride = [strides ?? 1].flat()[0] as number;
  const step = kernelSize !== undefined && stride > 1 ? `/${stride}` : "";
  const follows = className !== "Activation" && activation && activation !== "linear" ? ` + ${String(activation)}` : "";
  const kind = className === "Activation" ? String(activation) : (shortNames[className] ?? words(className));
  return className === "InputLayer" ? "" : `${kind}${window && ` ${window}`}${step}${follows}`;
}

const shortNames: Record<string, string> = {
  BatchNormalization: "batch norm",
  LayerNormalization: "layer norm",
  GroupNormalization: "group norm",
  ReLU: "relu",
  LeakyReLU: "leaky relu",
  GlobalAveragePooling2D: "global average",
  GlobalMaxPooling2D: "global maximum",
  MaxPooling2D: "max pool",
  AveragePooling2D: "average pool",
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

function frame({ times, boxes }: NonNullable<Box["repeated"]>, placed: ReadonlyMap<string, BoxRow>): RepeatRow {
  const inside = boxes.map((id) => placed.get(id)!);
  const margin = 9;
  return {
    x: Math.min(...inside.map(({ x }) => x)) - margin,
    y: Math.min(...inside.map(({ y }) => y)) - margin,
    x2: Math.max(...inside.map(({ x2 }) => x2)) + margin + 48,
    y2: Math.max(...inside.map(({ y2 }) => y2)) + margin,
    text: `${readableNumber(times)} times`,
  };
}

/** Lines leave and enter a box straight down. */
function elbows(points: readonly Point[]): Point[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  const stub = 9;
  return [first, { x: first.x, y: first.y + stub / 2 }, ...points.slice(1, -1), { x: last.x, y: last.y - stub }, last];
}

function rounded({ x, y }: Point): Point {
  return { x: round(x), y: round(y) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
