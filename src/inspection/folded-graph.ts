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
  return foldRepeats(foldFollowers(nodes));
}

function foldFollowers(nodes: readonly GraphNode[]): Box[] {
  const uses = count(nodes.flatMap(({ inputs }) => inputs.map(({ id }) => id)));
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const [before] = node.inputs;
    const group = before && groups.get(before.id);
    const follows = group !== undefined && node.inputs.length === 1 && uses.get(before!.id) === 1;
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

/** Stretches between boxes that everything goes through, of which several equal ones in a row become one. */
function foldRepeats(boxes: readonly Box[]): Box[] {
  const stretches = stretchesOf(boxes);
  const folded: Box[] = [];
  const renamed = new Map<string, string>();
  for (let i = 0; i < stretches.length; ) {
    const stretch = stretches[i]!;
    const text = signature(stretch);
    let times = 1;
    while (stretches[i + times] !== undefined && signature(stretches[i + times]!) === text) times++;
    const ids = stretch.map(({ id }) => id);
    // What comes after takes its input from the one that is drawn.
    for (const other of stretches.slice(i + 1, i + times)) {
      other.forEach(({ id }, k) => {
        renamed.set(id, ids[k]!);
      });
    }
    stretch.forEach((box, k) => {
      const from = box.from.map((id) => renamed.get(id) ?? id);
      const isFirst = k === 0 && times > 1;
      folded.push({ ...box, from, ...(isFirst && { repeated: { times, boxes: ids } }) });
    });
    i += times;
  }
  return folded;
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

/** Equal for stretches that do the same to the same shapes; inputs are told by how far before they stand. */
function signature(stretch: readonly Box[]): string {
  const place = new Map(stretch.map(({ id }, i) => [id, i]));
  return JSON.stringify(
    stretch.map(({ nodes, from }) => [
      nodes.map(({ layer, inputShapes, outputShapes }) => {
        const { name: _, ...config } = layer.getConfig();
        return [layer.getClassName(), config, inputShapes, outputShapes.map(rowShapeText)];
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
