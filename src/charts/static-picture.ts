import { DataError } from "../core/errors.js";
import { completeSpec, type VegaLiteSpec } from "./spec.js";
import { loadCanvas, loadInterpreter, loadVega, loadVegaLite, type View } from "./vega-tools.js";

/** The empty border around a picture, in units of the chart. */
const margin = 8;

/** Pixels for each unit of the chart, so that the picture is sharp on a good screen. */
const scale = 2;

/** Draws a Vega-Lite 5 chart without a browser, at once. Returns the bytes of a PNG file. */
export function staticPicture(spec: VegaLiteSpec): Uint8Array {
  const vega = loadVega();
  const view = evaluated(compiled(completeSpec(spec)));
  const { root } = view.scenegraph();
  const { x1, y1, x2, y2 } = root.bounds;
  const width = Math.ceil(x2 - x1) + 2 * margin;
  const height = Math.ceil(y2 - y1) + 2 * margin;
  const picture = loadCanvas().createCanvas(width * scale, height * scale);
  const context = Object.assign(picture.getContext("2d"), { pixelRatio: scale });
  const { headless: Renderer } = vega.renderModule("canvas");
  new Renderer(refusingLoader([]))
    .initialize(null, width, height, [margin - x1, margin - y1], scale, { externalContext: context })
    .background(view.background())
    .render(root);
  view.finalize();
  return picture.toBuffer("image/png");
}

/** Translates Vega-Lite to Vega; throws what Vega-Lite says about a wrong specification. */
export function compiled(spec: VegaLiteSpec): object {
  return loadVegaLite().compile(spec, { logger: silentLogger() }).spec;
}

/** Evaluates a chart. That ends within this call, because its data is in it and nothing is waited for. */
function evaluated(vegaSpec: object): View {
  const vega = loadVega();
  const failures: unknown[] = [];
  const logger = silentLogger((failure) => failures.push(failure));
  const options = { renderer: "none", loader: refusingLoader(failures), logger, expr: loadInterpreter() };
  // The expressions of a chart are walked as trees: none becomes code.
  const view = new vega.View(vega.parse(vegaSpec, undefined, { ast: true }), options).run();
  if (failures.length > 0) throw failures[0];
  return view;
}

/** A chart shows the data it carries: one that names a file or an address does not get it. */
function refusingLoader(failures: unknown[]) {
  const refuse = (uri: string) => {
    const source = JSON.stringify(uri);
    failures.push(new DataError(`A static picture reads no files and no network, got ${source}. Use data.values.`));
    return Promise.reject(failures[0]);
  };
  return { load: refuse, sanitize: refuse };
}

function silentLogger(onError: (failure: unknown) => void = () => {}) {
  const logger = {
    level: () => 1,
    error(failure: unknown) {
      onError(failure);
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
