/** A chart as plain JSON in the grammar of Vega-Lite 5, https://vega.github.io/vega-lite/docs/spec.html */
export type VegaLiteSpec = { readonly [property: string]: unknown };

export const vegaLiteSchema = "https://vega.github.io/schema/vega-lite/v5.json";

/** The type under which JupyterLab and VS Code draw a chart; JupyterLab 4.6 knows no newer one. */
export const vegaLiteMime = "application/vnd.vegalite.v5+json";

/** Adds what every chart has: the schema, and the house's calm look where the chart says nothing else. */
export function completeSpec(spec: VegaLiteSpec): VegaLiteSpec {
  return { $schema: vegaLiteSchema, ...spec, config: { ...look, ...(spec.config as object | undefined) } };
}

/** Colours of middle lightness, which read on a white and on a black page. */
export const colours = { blue: "#4285d6", orange: "#e07f2e", grey: "#888888" } as const;

/** Text keeps the theme's own colour and the background stays unset, so that a chart fits light and dark pages. */
const look = {
  view: { stroke: null },
  axis: {
    gridColor: colours.grey,
    gridOpacity: 0.22,
    domainColor: colours.grey,
    tickColor: colours.grey,
    tickSize: 4,
    labelPadding: 4,
    labelFlush: false,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  title: { anchor: "start", fontSize: 14, subtitleFontSize: 11.5, subtitlePadding: 5, offset: 12 },
  legend: { titleFontWeight: "normal", symbolStrokeWidth: 2 },
  line: { strokeWidth: 2, strokeCap: "round", strokeJoin: "round" },
  bar: { color: colours.blue },
  point: { color: colours.blue },
};
