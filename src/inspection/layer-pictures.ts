import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { attentionScores } from "../layers/attention/attention-scores.js";
import { rowText } from "../layers/own-layer.js";
import { batchTensors, type ModelBatch, runLayers } from "./model-batch.js";
import { type GraphNode, modelGraph } from "./model-graph.js";
import { PictureGrid, rangeOf, type Tile } from "./picture-grid.js";

/** The most pictures of a grid. */
const mostTiles = 64;

/**
 * The kernels of a convolution of images as pictures, blue below 0 and orange above, all on one scale. A layer that sees colours
 * shows them; one that sees more channels has a row for each of its first 8 filters, with its first 8 channels.
 *
 * @param layer - A `conv2d` of the model or its name. @default the first one
 * @throws OptionError if the model has no such layer.
 *
 * @example
 * convolutionFilters(model);
 */
export function convolutionFilters(model: tf.LayersModel, layer?: tf.layers.Layer | string): PictureGrid {
  const isConvolution = ({ layer: one }: GraphNode) => one.getClassName() === "Conv2D";
  const found = findLayer("convolutionFilters", model, layer, isConvolution, "a conv2d");
  const kernel = found.weights[0]!.read();
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const values = kernel.dataSync();
  const at = (place: number, channel: number, filter: number) =>
    values[(place * channels + channel) * filters + filter]!;
  const places = Array.from({ length: height * width }, (_, place) => place);
  const title = `${found.name}: ${filters} filters of ${height} x ${width} over ${channels} ${channels === 1 ? "channel" : "channels"}`;
  const end = rangeOf(values, "around zero")[1] || 1;
  const first = (count: number, most: number) => Array.from({ length: Math.min(count, most) }, (_, i) => i);
  if (channels === 3) {
    const tiles = first(filters, mostTiles).map((filter): Tile => {
      const colour = places.flatMap((place) =>
        [0, 1, 2].map((channel) => 0.5 + at(place, channel, filter) / (2 * end)),
      );
      return { title: String(filter), height, width, values: colour, isColoured: true };
    });
    return new PictureGrid(tiles, { title: `${title}${more(filters, mostTiles)}`, palette: "around zero" });
  }
  const [nFilters, nChannels] = channels === 1 ? [mostTiles, 1] : [8, 8];
  const tiles = first(filters, nFilters).flatMap((filter) =>
    first(channels, nChannels).map((channel): Tile => {
      const name = channels === 1 ? String(filter) : `${filter}, channel ${channel}`;
      return { title: name, height, width, values: places.map((place) => at(place, channel, filter)) };
    }),
  );
  return new PictureGrid(tiles, {
    title: `${title}${more(filters, nFilters)}`,
    palette: "around zero",
    range: [-end, end],
    ...(channels > 1 && { columns: Math.min(channels, nChannels) }),
  });
}

/**
 * What each channel of a layer makes of one image, dark where little and bright where much, each channel on its own scale.
 *
 * @param layer - A layer of the model whose rows have the shape (height, width, channels), or its name.
 * @param image - One image in a batch of one, `(1, height, width, channels)`; of a larger batch the first is taken.
 * @throws OptionError if the model has no such layer; ShapeError if the image is not what the model takes.
 *
 * @example
 * activationMaps(model, "conv2d_1", x.slice(0, 1));
 */
export function activationMaps(model: tf.LayersModel, layer: tf.layers.Layer | string, image: ModelBatch): PictureGrid {
  const givesImages = ({ outputShapes }: GraphNode) => outputShapes[0]!.length === 4;
  const found = findLayer("activationMaps", model, layer, givesImages, "a layer that gives (height, width, channels)");
  const nodes = modelGraph("activationMaps", model);
  const until = nodes.findIndex((node) => node.layer === found);
  let grid: PictureGrid | undefined;
  tf.tidy(() => {
    const firsts = batchTensors("activationMaps", model, image).map((x) => tf.slice(x, 0, 1));
    runLayers(nodes.slice(0, until + 1), model, firsts, (node, [output]) => {
      if (node.layer === found) grid = channelGrid(found.name, output!);
    });
  });
  return grid!;
}

function channelGrid(name: string, output: tf.Tensor): PictureGrid {
  const [, height, width, channels] = output.shape as [number, number, number, number];
  const values = output.dataSync();
  const tiles = Array.from({ length: Math.min(channels, mostTiles) }, (_, channel): Tile => {
    const ofChannel = Float32Array.from({ length: height * width }, (_, i) => values[i * channels + channel]!);
    return { title: String(channel), height, width, values: ofChannel };
  });
  const title = `${name}: ${channels} channels of ${height} x ${width}${more(channels, mostTiles)}`;
  return new PictureGrid(tiles, { title, palette: "dark to bright" });
}

export interface AttentionMapOptions {
  /** What the steps are, for example words; at most the steps that there are. @default their numbers */
  readonly tokens?: readonly string[];
  /** What the keys are, where they are others than the queries. @default tokens */
  readonly keys?: readonly string[];
  /** Which row of the batch is shown. @default 0 */
  readonly row?: number;
}

/**
 * Where each head looks: a row of pixels for each query, dark for a weight of 0 and bright for 1.
 *
 * @param layer - Of attention, or its name.
 * @param x - Rows as the model takes them.
 * @throws ShapeError if there are fewer steps than `tokens`.
 *
 * @example
 * attentionMaps(model, "block1_attention", x, { tokens: ["the", "cat", "sat"] });
 */
export function attentionMaps(
  model: tf.LayersModel,
  layer: tf.layers.Layer | string,
  x: tf.Tensor | tf.Tensor[],
  options?: AttentionMapOptions,
): PictureGrid;
/** @param scores - Weights of attention, `(n, heads, queries, keys)` or `(n, queries, keys)`. */
export function attentionMaps(scores: tf.Tensor, options?: AttentionMapOptions): PictureGrid;
export function attentionMaps(source: tf.LayersModel | tf.Tensor, ...rest: readonly unknown[]): PictureGrid {
  if (!(source instanceof tf.LayersModel)) return scoreMaps(source, rest[0] as AttentionMapOptions | undefined);
  const [layer, x, options] = rest as [tf.layers.Layer | string, tf.Tensor | tf.Tensor[], AttentionMapOptions?];
  const scores = attentionScores(source, layer, x);
  try {
    return scoreMaps(scores, options);
  } finally {
    scores.dispose();
  }
}

function scoreMaps(scores: tf.Tensor, options: AttentionMapOptions = {}): PictureGrid {
  const { row = 0, tokens, keys: keyNames = tokens } = options;
  if (!(scores instanceof tf.Tensor) || (scores.rank !== 4 && scores.rank !== 3)) {
    const got = scores instanceof tf.Tensor ? rowText(scores.shape) : show(scores);
    throw new ShapeError(
      `attentionMaps: scores must have the shape (n, heads, queries, keys) or (n, queries, keys), got ${got}.`,
    );
  }
  const [nRows, heads, queries, keys] = (
    scores.rank === 4 ? scores.shape : [scores.shape[0], 1, ...scores.shape.slice(1)]
  ) as [number, number, number, number];
  if (!Number.isInteger(row) || row < 0 || row >= nRows) {
    throw new OptionError(`attentionMaps: row must be an integer from 0 to ${nRows - 1}, got ${show(row)}.`);
  }
  const labels = { rows: names("tokens", tokens, queries), columns: names("keys", keyNames, keys) };
  const [height, width] = [labels.rows.length, labels.columns.length];
  const values = scores.dataSync();
  const tiles = Array.from({ length: Math.min(heads, mostTiles) }, (_, head): Tile => {
    const start = (row * heads + head) * queries * keys;
    const shown = Float32Array.from({ length: height * width }, (_, i) => {
      return values[start + Math.floor(i / width) * keys + (i % width)]!;
    });
    return { title: heads > 1 ? `head ${head}` : "", height, width, values: shown };
  });
  const isLabelled = tokens !== undefined || keyNames !== undefined;
  const title = `${heads} ${heads === 1 ? "head" : "heads"}: queries in rows, keys in columns`;
  return new PictureGrid(tiles, {
    title,
    palette: "dark to bright",
    range: [0, 1],
    ...(isLabelled && { labels, columns: Math.min(heads, 2) }),
  });
}

function names(option: string, given: readonly string[] | undefined, count: number): readonly string[] {
  if (given === undefined) return Array.from({ length: count }, (_, i) => String(i));
  if (Array.isArray(given) && given.length > 0 && given.length <= count) return given.map(String);
  throw new ShapeError(`attentionMaps: ${option} must be an array of 1 to ${count} names, got ${show(given)}.`);
}

function more(count: number, most: number): string {
  return count > most ? `, the first ${most}` : "";
}

function findLayer(
  where: string,
  model: tf.LayersModel,
  wanted: tf.layers.Layer | string | undefined,
  fits: (node: GraphNode) => boolean,
  kind: string,
): tf.layers.Layer {
  const fitting = modelGraph(where, model)
    .filter(fits)
    .map(({ layer }) => layer);
  const found = fitting.find((layer) => wanted === undefined || layer === wanted || layer.name === wanted);
  if (found !== undefined) return found;
  const has = fitting.length > 0 ? `it has ${[...new Set(fitting.map(({ name }) => name))].join(", ")}` : "it has none";
  const got = wanted === undefined ? "" : `, got ${show(wanted instanceof tf.layers.Layer ? wanted.name : wanted)}`;
  throw new OptionError(`${where}: layer must be ${kind} of the model${got}; ${has}.`);
}
