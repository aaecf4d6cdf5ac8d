// The one public door: every name here is a global in a cell and an export of "etude-ml".
export { DataError, EtudeError, OptionError, ShapeError } from "./core/errors.js";
export { Matrix, type MatrixLabels } from "./core/matrix.js";
export type { Part, Test, Train, Validation } from "./core/part.js";
export { Interrupted, stoppable } from "./core/stop.js";
export type { Cell, Column } from "./data/column.js";
export { type Car, type Digit, datasets, type IrisFlower, type Penguin } from "./data/datasets.js";
export { type Columns, Frame } from "./data/frame.js";
export type { Label, Labels } from "./data/labels.js";
export { type Split, type SplitOptions, split } from "./data/split.js";
export { accuracy, type ConfusionMatrix, confusionMatrix, logLoss } from "./metrics/classification.js";
export { meanAbsoluteError, meanSquaredError } from "./metrics/regression.js";
export {
  type StreamingMetric,
  streamingAccuracy,
  streamingMeanAbsoluteError,
  streamingMeanSquaredError,
} from "./metrics/streaming.js";
export { clearOutput, type DisplayHandle, type DisplayOptions, display } from "./output/display.js";
export { type InputOptions, input } from "./output/input.js";
export { LiveDisplay } from "./output/live-display.js";
export { type Displayable, displaySymbol, type MimeBundle } from "./output/mime.js";
export { html, jpeg, json, latex, markdown, png, svg, text } from "./output/rich-values.js";
export {
  ColumnTransformer,
  type ColumnTransformerOptions,
  FittedColumnTransformer,
} from "./preprocessing/column-transformer.js";
export { FittedLabelEncoder, LabelEncoder } from "./preprocessing/label-encoder.js";
export { FittedOneHotEncoder, OneHotEncoder, type OneHotEncoderOptions } from "./preprocessing/one-hot-encoder.js";
export { FittedStandardScaler, StandardScaler, type StandardScalerOptions } from "./preprocessing/standard-scaler.js";
export { type FittedTransformer, type Transformer, transformerFromJSON } from "./preprocessing/transformer.js";
