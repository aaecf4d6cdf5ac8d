import { colours } from "../charts/spec.js";
import { loadCanvas } from "../charts/vega-tools.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";

/** One picture of a grid: row after row, one value a pixel, or three of them, for red, green and blue, from 0 to 1. */
export interface Tile {
  readonly title: string;
  readonly height: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
  readonly isColoured?: boolean;
}

export interface GridOptions {
  /** What a reader without pictures gets, and the line above the grid. */
  readonly title: string;
  /** Around 0, blue below and orange above; or from the smallest value, dark, to the largest, bright. */
  readonly palette: "around zero" | "dark to bright";
  /** The values at the ends of the palette. @default those of each tile alone */
  readonly range?: readonly [number, number];
  /** Pictures side by side. @default as many as fit */
  readonly columns?: number;
  /** Names of the rows and columns of pixels. */
  readonly labels?: { readonly rows: readonly string[]; readonly columns: readonly string[] };
}

/** The width of a grid in pixels: a notebook shows a PNG pixel by pixel. */
const gridWidth = 640;
const gap = 8;
const captionHeight = 15;

/** Numbers as pictures in rows and columns, with grey text that reads on light and dark pages. */
export class PictureGrid implements Displayable {
  constructor(
    readonly tiles: readonly Tile[],
    readonly options: GridOptions,
  ) {}

  /** The bytes of a PNG file. */
  png(): Uint8Array {
    const { tiles, options } = this;
    const margins = labelMargins(options.labels);
    const { columns, zoom } = arrange(tiles, margins.left, options.columns);
    const cellWidth = tiles[0]!.width * zoom + margins.left + gap;
    const cellHeight = tiles[0]!.height * zoom + margins.bottom + captionHeight + gap;
    const width = Math.ceil(Math.max(columns * cellWidth + gap, 200));
    const height = Math.ceil(24 + Math.ceil(tiles.length / columns) * cellHeight + gap);
    const canvas = loadCanvas().createCanvas(width, height);
    const context = canvas.getContext("2d");
    context.fillStyle = colours.grey;
    context.font = "bold 12px sans-serif";
    context.fillText(options.title, gap, 16, width - 2 * gap);
    context.imageSmoothingEnabled = false;
    tiles.forEach((tile, i) => {
      const x = gap + (i % columns) * cellWidth + margins.left;
      const y = 24 + Math.floor(i / columns) * cellHeight + captionHeight;
      context.font = "10px sans-serif";
      context.textAlign = "left";
      context.fillText(tile.title, x, y - 4, tile.width * zoom);
      context.drawImage(pixels(tile, options), x, y, tile.width * zoom, tile.height * zoom);
      if (options.labels !== undefined) drawLabels(context, options.labels, { x, y, zoom, height: tile.height * zoom });
    });
    return canvas.toBuffer("image/png");
  }

  [displaySymbol](): MimeBundle {
    const grid = this;
    return {
      "text/plain": `${this.options.title}: ${this.tiles.length} pictures of ${this.tiles[0]!.height} x ${this.tiles[0]!.width}`,
      // Drawn when it is read: plain Node shows the text alone.
      get "image/png"() {
        return grid.png();
      },
    };
  }
}

type Canvas = InstanceType<ReturnType<typeof loadCanvas>["Canvas"]>;
type Context = ReturnType<Canvas["getContext"]>;

function arrange(tiles: readonly Tile[], left: number, wanted?: number): { columns: number; zoom: number } {
  const side = Math.max(tiles[0]!.width, tiles[0]!.height);
  const columns = wanted ?? Math.max(1, Math.min(tiles.length, 8, Math.floor(gridWidth / (side + left + gap))));
  const room = (gridWidth - gap) / columns - left - gap;
  // A few pictures do not need the whole page; pixels stay square and whole where there is room for it.
  const zoom = Math.min(220 / side, room / tiles[0]!.width);
  return { columns, zoom: zoom >= 1 ? Math.floor(zoom) : zoom };
}

function labelMargins(labels: GridOptions["labels"]): { left: number; bottom: number } {
  const longest = (names: readonly string[]) => Math.min(70, 6 + 6 * Math.max(0, ...names.map((name) => name.length)));
  return labels === undefined
    ? { left: 0, bottom: 0 }
    : { left: longest(labels.rows), bottom: longest(labels.columns) };
}

function drawLabels(
  context: Context,
  { rows, columns }: NonNullable<GridOptions["labels"]>,
  { x, y, zoom, height }: { x: number; y: number; zoom: number; height: number },
): void {
  context.font = `${Math.max(6, Math.min(10, zoom))}px sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  rows.forEach((name, i) => {
    context.fillText(name, x - 4, y + (i + 0.5) * zoom, 64);
  });
  columns.forEach((name, i) => {
    context.save();
    context.translate(x + (i + 0.5) * zoom, y + height + 4);
    context.rotate(-Math.PI / 2);
    context.fillText(name, 0, 0, 64);
    context.restore();
  });
  context.textBaseline = "alphabetic";
}

/** The tile itself, a pixel for each value. */
function pixels(tile: Tile, { palette, range }: GridOptions): Canvas {
  const canvas = loadCanvas().createCanvas(tile.width, tile.height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(tile.width, tile.height);
  const [low, high] = tile.isColoured ? [0, 1] : (range ?? rangeOf(tile.values, palette));
  for (let i = 0; i < tile.width * tile.height; i++) {
    const colour = tile.isColoured
      ? [0, 1, 2].map((channel) => 255 * tile.values[3 * i + channel]!)
      : colourOf((tile.values[i]! - low) / (high - low || 1), stops[palette]);
    image.data.set([...colour, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The ends of the palette for these values; around zero they are alike. */
export function rangeOf(values: ArrayLike<number>, palette: GridOptions["palette"]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of Array.from(values).filter(Number.isFinite)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const end = Math.max(Math.abs(low), Math.abs(high));
  return palette === "around zero" ? [-end, end] : [low, high];
}

type Colour = readonly [number, number, number];

// Blue, white, orange; and viridis (van der Walt & Smith, 2015), which is even to the eye and to the colour-blind.
const stops: Record<GridOptions["palette"], readonly Colour[]> = {
  "around zero": [
    [29, 79, 145],
    [66, 133, 214],
    [247, 247, 247],
    [224, 127, 46],
    [142, 66, 9],
  ],
  "dark to bright": [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
  ],
};

/** Grey for what is no number. */
function colourOf(share: number, colours: readonly Colour[]): number[] {
  if (!Number.isFinite(share)) return [136, 136, 136];
  const place = Math.max(0, Math.min(1, share)) * (colours.length - 1);
  const below = Math.min(colours.length - 2, Math.floor(place));
  return colours[below]!.map((value, i) => value + (place - below) * (colours[below + 1]![i]! - value));
}
