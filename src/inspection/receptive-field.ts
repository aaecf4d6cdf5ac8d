import type { GraphNode } from "./model-graph.js";

/**
 * How much of the input one place of a layer's output sees along each axis of places; `"all"` behind a layer that sees everything,
 * `null` where there are no places or what a layer sees is not known.
 */
export type ReceptiveField = readonly number[] | "all" | null;

/** Sizes of what a place sees, and how far apart the inputs of two neighbours are. */
type State = { readonly sizes: readonly number[]; readonly jumps: readonly number[] } | "all" | null;

/** The receptive field of each layer, r = r + (k - 1) j, j = j s (Araujo, Norris & Sim, Distill 2019). */
export function receptiveFields(nodes: readonly GraphNode[]): Map<string, ReceptiveField> {
  const states = new Map<string, State>();
  for (const node of nodes) {
    const before = node.inputs.map(({ id }) => states.get(id)!);
    states.set(node.id, stateAfter(node, before));
  }
  return new Map([...states].map(([id, state]) => [id, state === null || state === "all" ? state : state.sizes]));
}

function stateAfter({ layer, inputs, inputShapes, outputShapes }: GraphNode, before: readonly State[]): State {
  const kind = layer.getClassName();
  if (inputs.length === 0) {
    const places = Math.max(0, outputShapes[0]!.length - 2);
    return places === 0 ? null : { sizes: Array(places).fill(1), jumps: Array(places).fill(1) };
  }
  if (seesAll.test(kind) && before.some((state) => state !== null)) return "all";
  if (before.length > 1) return widest(before);
  const [state] = before;
  // Numbers of tokens, which become steps here.
  if (/Embedding$/.test(kind) && outputShapes[0]!.length === 3) return { sizes: [1], jumps: [1] };
  if (state === null || state === "all" || state === undefined) return state ?? null;
  if (kind === "Flatten") return state;
  if (kind === "Dense") return inputShapes[0]!.length === 2 ? "all" : state;
  const config = layer.getConfig() as Config;
  if (kind === "UpSampling2D") return enlarged(state, config.size!, config.interpolation === "bilinear" ? 2 : 1);
  if (/Transpose$/.test(kind)) {
    const windows = config.kernelSize!.map((size, i) => Math.ceil(size / config.strides![i]!));
    return enlarged(state, config.strides!, ...windows);
  }
  if (/(Conv|Pooling)[123]D$/.test(kind)) return slid(state, config);
  if (kind === "ChannelPadding") return { ...state, jumps: state.jumps.map((jump) => jump * config.stride!) };
  return keepsPlaces.has(kind) || sameShape(inputShapes[0]!, outputShapes[0]!) ? state : null;
}

interface Config {
  readonly kernelSize?: readonly number[];
  readonly poolSize?: readonly number[];
  readonly strides?: readonly number[];
  readonly stride?: number;
  readonly dilationRate?: number | readonly number[];
  readonly size?: readonly number[];
  readonly interpolation?: string;
}

const seesAll = /^Global|LSTM|GRU|RNN|Bidirectional|Attention/;
const keepsPlaces = new Set(["ZeroPadding2D", "Cropping2D"]);

function slid({ sizes, jumps }: Exclude<State, "all" | null>, config: Config): State {
  const window = config.kernelSize ?? config.poolSize ?? [];
  const spread = [config.dilationRate ?? 1].flat();
  return {
    sizes: sizes.map((size, i) => size + (window[i]! - 1) * (spread[i] ?? spread[0]!) * jumps[i]!),
    jumps: jumps.map((jump, i) => jump * [config.strides ?? 1].flat()[i]!),
  };
}

function enlarged({ sizes, jumps }: Exclude<State, "all" | null>, by: readonly number[], ...windows: number[]): State {
  return {
    sizes: sizes.map((size, i) => size + ((windows[i] ?? windows[0]!) - 1) * jumps[i]!),
    jumps: jumps.map((jump, i) => jump / by[i]!),
  };
}

/** Of several inputs, what the one that sees most does. */
function widest(states: readonly State[]): State {
  if (states.includes("all")) return "all";
  const spatial = states.filter((state) => state !== null) as Exclude<State, "all" | null>[];
  const [first] = spatial;
  if (first === undefined) return null;
  return {
    sizes: first.sizes.map((_, i) => Math.max(...spatial.map(({ sizes }) => sizes[i] ?? 1))),
    jumps: first.jumps,
  };
}

function sameShape(a: readonly (number | null)[], b: readonly (number | null)[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
