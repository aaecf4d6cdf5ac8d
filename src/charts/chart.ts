import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";
import { completeSpec, type VegaLiteSpec, vegaLiteMime } from "./spec.js";
import { staticPicture } from "./static-picture.js";

export interface ChartOptions {
  /** What a reader without pictures gets: one line. */
  readonly text: string;
  /** More of it comes soon: no static picture is drawn, the page draws the chart alone. @default false */
  readonly live?: boolean;
}

/** A chart that a notebook shows. `spec` is plain JSON, so it can be changed, saved and drawn by other tools. */
export class Chart implements Displayable {
  readonly spec: VegaLiteSpec;

  constructor(
    spec: VegaLiteSpec,
    private readonly options: ChartOptions,
  ) {
    this.spec = completeSpec(spec);
  }

  /** The bytes of a PNG file, for a report or a slide: `writeFileSync("chart.png", chart.png())`. */
  png(): Uint8Array {
    return staticPicture(this.spec);
  }

  [displaySymbol](): MimeBundle {
    const { spec, options } = this;
    const bundle = { [vegaLiteMime]: spec, "text/plain": options.text };
    if (options.live) return bundle;
    return {
      ...bundle,
      // Drawn when it is read: plain Node, which shows only the text, does not pay for it.
      get "image/png"() {
        return staticPicture(spec);
      },
    };
  }
}
