import { Chart } from "../charts/chart.js";
import { colours } from "../charts/spec.js";

/**
 * A chart as an image within HTML, which the notebook's theme does not reach: its text is grey and its background that of the page,
 * to read on light and dark ones.
 */
export function embeddedPicture(chart: Chart): string {
  const config = chart.spec.config as { readonly axis?: object };
  const ink = { labelColor: colours.grey, titleColor: colours.grey };
  const axis = { ...config.axis, ...ink };
  const readable = new Chart({ ...chart.spec, background: "transparent", config: { ...config, axis } }, { text: "" });
  const bytes = Buffer.from(readable.png());
  const width = bytes.readUInt32BE(16) / 2; // two pixels for each unit of a chart
  return `<img alt="" width="${width}" src="data:image/png;base64,${bytes.toString("base64")}">`;
}
