// The one public door: every name here is a global in a cell and an export of "etude-ml".
export { Matrix, type MatrixLabels } from "./core/matrix.js";
export type { Part, Test, Train, Validation } from "./core/part.js";
export { clearOutput, type DisplayHandle, type DisplayOptions, display } from "./output/display.js";
export { LiveDisplay } from "./output/live-display.js";
export { type Displayable, displaySymbol, type MimeBundle } from "./output/mime.js";
export { html, jpeg, json, latex, markdown, png, svg, text } from "./output/rich-values.js";
