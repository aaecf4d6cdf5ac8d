import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The parts of Vega that a static picture needs; its own typings leave most of them out. */
export interface Vega {
  readonly textMetrics: { width(item: TextItem, text: string): number };
  parse(spec: object, config: undefined, options: { readonly ast: boolean }): object;
  readonly View: new (dataflow: object, options: object) => View;
  renderModule(name: "canvas"): { readonly headless: new (loader: object) => CanvasRenderer };
}

export interface View {
  run(): this;
  finalize(): this;
  background(): string;
  scenegraph(): { readonly root: { readonly bounds: Bounds } };
}

interface TextItem {
  readonly text?: unknown;
  readonly font?: string;
  readonly fontSize?: number;
  readonly fontStyle?: string;
  readonly fontWeight?: string | number;
  /** The width at which Vega cuts the text, 0 for none. */
  readonly limit?: number;
}

interface Bounds {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface CanvasRenderer {
  initialize(
    element: null,
    width: number,
    height: number,
    origin: readonly [number, number],
    scale: number,
    options: { readonly externalContext: object },
  ): this;
  background(colour: string): this;
  render(root: object): this;
}

interface VegaLite {
  compile(spec: object, options: { readonly logger: object }): { readonly spec: object };
}

type Canvas = typeof import("@napi-rs/canvas");

let vega: Vega | undefined;
let canvas: Canvas | undefined;

// Loaded when the first chart needs them: together they take about 200 ms, and most cells draw nothing.
export function loadVegaLite(): VegaLite {
  return require("vega-lite");
}

export function loadInterpreter(): object {
  return require("vega-interpreter").expressionInterpreter;
}

export function loadVega(): Vega {
  if (vega === undefined) {
    vega = require("vega") as Vega;
    // Without a browser Vega guesses the width of a text; we measure it as it will be drawn.
    vega.textMetrics.width = measureText;
  }
  return vega;
}

export function loadCanvas(): Canvas {
  if (canvas === undefined) {
    canvas = require("@napi-rs/canvas") as Canvas;
    if (canvas.GlobalFonts.families.length === 0) registerOwnFont(canvas);
  }
  return canvas;
}

/** A small container image has no fonts at all, and a text without one is drawn as nothing. */
function registerOwnFont({ GlobalFonts }: Canvas): void {
  for (const weight of [400, 700]) {
    const file = require.resolve(`@fontsource/roboto/files/roboto-latin-${weight}-normal.woff`);
    GlobalFonts.registerFromPath(file, "sans-serif");
  }
}

let measuring: ReturnType<ReturnType<Canvas["createCanvas"]>["getContext"]> | undefined;

function measureText(item: TextItem, text: string): number {
  const { font = "sans-serif", fontSize = 11, fontStyle = "", fontWeight = "", limit = 0 } = item;
  measuring ??= loadCanvas().createCanvas(1, 1).getContext("2d");
  measuring.font = `${fontStyle} ${fontWeight} ${fontSize}px ${font}`.trim();
  const { width } = measuring.measureText(String(text ?? ""));
  return limit > 0 ? Math.min(limit, width) : width;
}
