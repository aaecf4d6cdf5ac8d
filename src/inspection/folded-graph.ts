import { type GraphNode, rowShapeText } from "./model-graph.js";

/** A box of the drawing: a layer, with what only follows on it. */
export interface Box {
  readonly id: string;
  readonly nodes: readonly GraphNode[];
  /** The boxes that it gets its inputs from. */
  readonly from: readonly string[];
  /** How often a stretch that starts here comes, one after the other; it is drawn once. */
  readonly repeated?: { readonly times: number; readonly boxes: readonly string[] };
}

/** Layers that change values one by one, so that they fit into the box of the layer before them. */
const followers = new Set(
  `Activation ReLU LeakyReLU ELU PReLU ThresholdedReLU Softmax BatchNormalization LayerNormalization GroupNormalization
  InstanceNormalization RMSNormalization Dropout SpatialDropout1D SpatialDropout2D GaussianNoise GaussianDropout AlphaDropout
  DropPath`.split(/\s+/),
);

/** The boxes of a model, none before those that it gets its inputs from. */
export function foldedGraph(nodes: readonly GraphNode[]): Box[] {
  const boxes = foldFollowers(nodes);
  const apart = extraFollowers(stretchesOf(boxes));
  return foldRepeats(apart.size > 0 ? foldFollowers(nodes, apart) : boxes);
}

/** @param apart - Layers that begin a box whatever they follow on. */
function foldFollowers(nodes: readonly GraphNode[], apart: ReadonlySet<string> = new Set()): Box[] {
  const uses = count(nodes.flatMap(({ inputs }) => inputs.map(({ id }) => id)));
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const [before] = node.inputs;
    const group = before && groups.get(before.id);
    const isOnlyUse = group !== undefined && node.inputs.length === 1 && uses.get(before!.id) === 1;
    const follows = isOnlyUse && !apart.has(node.id);
    if (follows && followers.has(node.layer.getClassName()) && group[0]!.layer.getClassName() !== "InputLayer") {
      groups.set(node.id, group);
      group.push(node);
    } else groups.set(node.id, [node]);
  }
  return [...new Set(groups.values())].map((group) => ({
    id: group[0]!.id,
    nodes: group,
    from: group[0]!.inputs.map(({ id }) => groups.get(id)![0]!.id),
  }));
}

/** The most stretches, one after the other, that are looked at as one that repeats. */
const longestPeriod = 8;

/** Stretches between boxes that everything goes through; those that repeat, alone or as a group, are there once. */
function foldRepeats(boxes: readonly Box[]): Box[] {
  const stretches = stretchesOf(boxes);
  const signatures = stretches.map(signature);
  const folded: Box[] = [];
  const renamed = new Map<string, string>();
  for (let i = 0; i < stretches.length; ) {
    const { period, times } = repetition(signatures, i);
    const drawn = stretches.slice(i, i + period).flat();
    const ids = drawn.map(({ id }) => id);
    // What comes after takes its input from those that are drawn.
    stretches
      .slice(i + period, i + period * times)
      .flat()
      .forEach(({ id }, k) => {
        renamed.set(id, ids[k % ids.length]!);
      });
    drawn.forEach((box, k) => {
      const from = box.from.map((id) => renamed.get(id) ?? id);
      folded.push({ ...box, from, ...(k === 0 && times > 1 && { repeated: { times, boxes: ids } }) });
    });
    i += period * times;
  }
  return folded;
}

/**
 * The layers that follow on the last stretch of a repetition and on no other, as the norm behind the blocks of a transformer: in a
 * box of their own, they leave that stretch equal to those before.
 */
function extraFollowers(stretches: readonly Box[][]): Set<string> {
  const signatures = stretches.map(signature);
  const extra = new Set<string>();
  for (const [i, stretch] of stretches.entries()) {
    const last = stretch.at(-1)!;
    for (let period = 1; period <= Math.min(i, longestPeriod); period++) {
      const before = stretches[i - period]!.at(-1)!.nodes.length;
      if (last.nodes.length <= before) continue;
      const shorter = [...stretch.slice(0, -1), { ...last, nodes: last.nodes.slice(0, before) }];
      const rest = signatures.slice(i - period + 1, i);
      const restBefore = signatures.slice(Math.max(0, i - 2 * period + 1), i - period);
      if (signature(shorter) !== signatures[i - period] || rest.join() !== restBefore.join()) continue;
      extra.add(last.nodes[before]!.id);
      break;
    }
  }
  return extra;
}

/** How many stretches from `start` on come again at once, and how often; the shortest such group. */
function repetition(signatures: readonly string[], start: number): { period: number; times: number } {
  for (let period = 1; period <= longestPeriod; period++) {
    const comesAgain = (times: number) =>
      start + period * (times + 1) <= signatures.length &&
      signatures.slice(start, start + period).every((text, k) => signatures[start + period * times + k] === text);
    let times = 1;
    while (comesAgain(times)) times++;
    if (times > 1) return { period, times };
  }
  return { period: 1, times: 1 };
}

/** A stretch ends with a box that all later ones get everything through. */
function stretchesOf(boxes: readonly Box[]): Box[][] {
  const place = new Map(boxes.map(({ id }, i) => [id, i]));
  const lastUse = boxes.map((_, i) => i);
  boxes.forEach(({ from }, i) => {
    for (const id of from) lastUse[place.get(id)!] = i;
  });
  const stretches: Box[][] = [];
  let current: Box[] = [];
  let open = -1; // the last box that uses something from before the current one
  boxes.forEach((box, i) => {
    current.push(box);
    if (open <= i) {
      stretches.push(current);
      current = [];
    }
    open = Math.max(open, lastUse[i]!);
  });
  return stretches.concat(current.length > 0 ? [current] : []);
}

/** Options that change what a layer is called or starts with, not what it does. */
const startOnly = /^(name|seed)$|Initializer$|Regularizer$|Constraint$/;

/**
 * Equal for stretches that do the same to the same shapes, and where they do it less often in training the deeper they are; inputs
 * are told by how far before they stand.
 */
function signature(stretch: readonly Box[]): string {
  const place = new Map(stretch.map(({ id }, i) => [id, i]));
  return JSON.stringify(
    stretch.map(({ nodes, from }) => [
      nodes.map(({ layer, inputShapes, outputShapes }) => {
        const kind = layer.getClassName();
        const isSame = (option: string) => startOnly.test(option) || (kind === "DropPath" && option === "rate");
        const options = Object.entries(layer.getConfig()).filter(([option]) => !isSame(option));
        return [kind, options, inputShapes, outputShapes.map(rowShapeText)];
      }),
      from.map((id) => place.get(id) ?? "before"),
    ]),
  );
}

function count(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
