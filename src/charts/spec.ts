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

/** Ten colours for categories, told apart on light and dark pages. */
const palette = [
  colours.blue,
  colours.orange,
  "#3fa56b",
  "#c2559d",
  "#8d6fd1",
  "#d1495b",
  "#2aa5b0",
  "#a88a2e",
  "#7a8b99",
  "#b5765a",
];

/** Text keeps the theme's own colour and the background stays unset, so that a chart fits light and dark pages. */
const look = {
  // Vega-Lite writes the titles of axes, which may be names from data, into the expressions of its ARIA texts.
  aria: false,
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
  range: { category: palette },
  mark: { color: colours.blue },
  rule: { color: colours.grey },
  boxplot: { rule: { color: colours.grey } },
};
