// The one public door: every name here is a global in a cell and an export of "etude-ml".

export { type Autoencoder, type AutoencoderOptions, autoencoder } from "./architectures/autoencoder.js";
export { type CnnOptions, cnn } from "./architectures/cnn.js";
export { type GenerateOptions, generate } from "./architectures/generate.js";
export { type MlpOptions, mlp } from "./architectures/mlp.js";
export { type ResnetOptions, resnet } from "./architectures/resnet.js";
export { type RnnOptions, rnn } from "./architectures/rnn.js";
export { skip } from "./architectures/skip.js";
export { type TransformerOptions, transformer } from "./architectures/transformer.js";
export { type UnetOptions, unet } from "./architectures/unet.js";
export type {
  Answer,
  Callback,
  Ending,
  FitTask,
  KeptWeights,
  Metrics,
  RunStatus,
  Task,
  WeightNorms,
} from "./callbacks/callback.js";
export type { CallbackCost } from "./callbacks/callback-list.js";
export { CSVLogger, type CSVLoggerOptions } from "./callbacks/csv-logger.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./callbacks/early-stopping.js";
export { EMA, type EMAOptions } from "./callbacks/ema.js";
export { GradientMonitor, type GradientMonitorOptions } from "./callbacks/gradient-monitor.js";
export {
  LearningRateScheduler,
  type LearningRateSchedulerOptions,
  type RateOfEpoch,
} from "./callbacks/learning-rate-scheduler.js";
export { LiveBoard } from "./callbacks/live-board.js";
export { MLflow, type MLflowOptions } from "./callbacks/mlflow/mlflow.js";
export { type BestCheckpoint, ModelCheckpoint, type ModelCheckpointOptions } from "./callbacks/model-checkpoint.js";
export { type Notice, Notify, type NotifyOptions } from "./callbacks/notify.js";
export type { Patience } from "./callbacks/patience.js";
export { ReduceOnPlateau, type ReduceOnPlateauOptions } from "./callbacks/reduce-on-plateau.js";
export {
  StochasticWeightAveraging,
  type StochasticWeightAveragingOptions,
} from "./callbacks/stochastic-weight-averaging.js";
export { TensorBoard, type TensorBoardOptions } from "./callbacks/tensorboard/tensorboard.js";
export { type EpochTime, Timer } from "./callbacks/timer.js";
export { type BarChartOptions, barChart } from "./charts/bar-chart.js";
export { Chart, type ChartOptions } from "./charts/chart.js";
export type { ChartData, ColumnName } from "./charts/chart-data.js";
export { type ConfusionMatrixChartOptions, confusionMatrixChart } from "./charts/confusion-matrix-chart.js";
export { type HistogramOptions, histogram } from "./charts/histogram.js";
export { type CurveRow, type EarlierRun, type EpochRow, learningCurveRows } from "./charts/learning-curve-rows.js";
export type { VegaLiteSpec } from "./charts/spec.js";
export { type BoardState, trainingBoard } from "./charts/training-board.js";
export { type VegaLiteOptions, vegaLite } from "./charts/vega-lite.js";
export { lineChart, scatterChart, type XYChartOptions } from "./charts/xy-charts.js";
export { DataError, EtudeError, OptionError, ShapeError } from "./core/errors.js";
export type { JsonValue } from "./core/json.js";
export { Matrix, type MatrixLabels } from "./core/matrix.js";
export type { Part, Test, Train, Validation } from "./core/part.js";
export { type RandomPurpose, RandomStream } from "./core/random.js";
export { RandomStreams } from "./core/random-streams.js";
export { Interrupted, stoppable } from "./core/stop.js";
export type { Cell, Column } from "./data/column.js";
export { type Car, type Digit, datasets, type IrisFlower, type Penguin } from "./data/datasets.js";
export { type Columns, Frame } from "./data/frame.js";
export type { Label, Labels } from "./data/labels.js";
export { type CsvOptions, readCsv } from "./data/read-csv.js";
export { type Split, type SplitOptions, split } from "./data/split.js";
export { type TensorMemory, type TensorShare, tensorMemory } from "./engine/lifetime/tensor-memory.js";
export { tf } from "./engine/tf.js";
export { type CalibrationCurve, type CalibrationOptions, calibrationCurve } from "./insight/calibration-curve.js";
export type { ThresholdCurveOptions } from "./insight/class-curves.js";
export { type PrecisionRecallCurve, precisionRecallCurve } from "./insight/precision-recall-curve.js";
export { type Residuals, residuals } from "./insight/residuals.js";
export { type RocCurve, rocCurve } from "./insight/roc-curve.js";
export { type TemperatureScaling, temperatureScaling } from "./insight/temperature-scaling.js";
export { Inspection, inspect } from "./inspection/inspect.js";
export type { InspectionRow } from "./inspection/inspection-row.js";
export {
  type AttentionMapOptions,
  activationMaps,
  attentionMaps,
  convolutionFilters,
} from "./inspection/layer-pictures.js";
export { type LossPoint, type PlotLossOptions, plotLoss } from "./inspection/loss-plot.js";
export { checkLoss, LossReport } from "./inspection/loss-report.js";
export type { InputRows, ModelBatch } from "./inspection/model-batch.js";
export { PictureGrid } from "./inspection/picture-grid.js";
export { Summary, type SummaryRow, summary } from "./inspection/summary.js";
export { attentionScores } from "./layers/attention/attention-scores.js";
export type { BlockActivation } from "./layers/blocks/activation.js";
export type { Block, BlockOptions } from "./layers/blocks/block.js";
export { blocks } from "./layers/blocks/blocks.js";
export { type BuildOptions, build, type InputShapes, type InputValues, type Outputs } from "./layers/build.js";
export { add, average, concat, maximum, minimum, multiply, subtract } from "./layers/combine.js";
export { constraints } from "./layers/constraints/constraints.js";
export { initializers } from "./layers/initializers/initializers.js";
export { seeded } from "./layers/initializers/seeded.js";
export { layers } from "./layers/layers.js";
export { type Penalty, penalize, penalties } from "./layers/regularizers/penalize.js";
export { regularizers } from "./layers/regularizers/regularizers.js";
export type { Misfit, Shape } from "./layers/shapes.js";
export type { Value } from "./layers/value.js";
export { type LambdaFunction, registerLambda } from "./layers/wrappers/lambda.js";
export type { CheckLossOptions, LossCheck } from "./losses/check-loss.js";
export { type ClassWeightOptions, type ClassWeightRule, classWeights } from "./losses/class-weights.js";
export type { Loss, LossConfig, LossFunction, OutputKind, Reduction, TargetKind } from "./losses/loss.js";
export { type LossName, losses } from "./losses/losses.js";
export { stopGradient } from "./losses/stop-gradient.js";
export { accuracy, balancedAccuracy, topKAccuracy } from "./metrics/accuracy.js";
export { cohenKappa, matthewsCorrelation } from "./metrics/agreement.js";
export { type ConfusionMatrix, confusionMatrix } from "./metrics/confusion-matrix.js";
export { explainedVariance, r2 } from "./metrics/explained.js";
export type { MetricOptions, NumberRows } from "./metrics/in-one-go.js";
export { type MetricName, metrics } from "./metrics/metrics.js";
export { type Average, f1, fBeta, jaccard, precision, recall } from "./metrics/precision-recall.js";
export { brierScoreLoss, logLoss, perplexity } from "./metrics/probability-scores.js";
export { quantileLoss } from "./metrics/quantile-loss.js";
export { prAuc, rocAuc } from "./metrics/ranking.js";
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  rootMeanSquaredError,
} from "./metrics/regression.js";
export type { MetricNeeds, StreamingMetric } from "./metrics/streaming-metric.js";
export { exportOnnx } from "./models/export-onnx.js";
export { loadModel } from "./models/load-model.js";
export { loadOnnx, type OnnxModel, type OnnxPort } from "./models/load-onnx.js";
export { loadWeights } from "./models/load-weights.js";
export {
  type ArrayData,
  readSafetensors,
  type StoredArray,
  type StoredArrays,
  writeSafetensors,
} from "./models/safetensors.js";
export { type SaveModelOptions, saveModel } from "./models/save-model.js";
export { type AdagradOptions, adagrad } from "./optimizers/adagrad.js";
export { type AdamOptions, adam, adamw } from "./optimizers/adam.js";
export { type AdamaxOptions, adamax } from "./optimizers/adamax.js";
export { type LionOptions, lion } from "./optimizers/lion.js";
export { type NadamOptions, nadam } from "./optimizers/nadam.js";
export type {
  ArrayParameter,
  NamedArray,
  Optimizer,
  OptimizerState,
  OptimizerStateJSON,
  ReplacedWeights,
} from "./optimizers/optimizer.js";
export type { MovingAverage, OptimizerOptions, WeightDecay } from "./optimizers/optimizer-options.js";
export { type OptimizerName, optimizers } from "./optimizers/optimizers.js";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop.js";
export type { Schedule, ScheduleJSON } from "./optimizers/schedules/schedule.js";
export { schedules } from "./optimizers/schedules/schedules.js";
export { type SgdOptions, sgd } from "./optimizers/sgd.js";
export {
  type Comm,
  type CommData,
  type CommHandler,
  type CommMessage,
  type CommOpenOptions,
  type CommSendOptions,
  type CommTargetHandler,
  comms,
} from "./output/comm.js";
export { clearOutput, type DisplayHandle, type DisplayOptions, display } from "./output/display.js";
export { type InputOptions, input } from "./output/input.js";
export { LiveDisplay } from "./output/live-display.js";
export { type Displayable, displaySymbol, type MimeBundle } from "./output/mime.js";
export { html, jpeg, json, latex, markdown, png, svg, text } from "./output/rich-values.js";
export { CharTokenizer, charTokenizer } from "./preprocessing/char-tokenizer.js";
export {
  ColumnTransformer,
  type ColumnTransformerOptions,
  FittedColumnTransformer,
} from "./preprocessing/column-transformer.js";
export { FittedLabelEncoder, LabelEncoder } from "./preprocessing/label-encoder.js";
export { nextTokenWindows, type TokenWindows } from "./preprocessing/next-token-windows.js";
export { FittedOneHotEncoder, OneHotEncoder, type OneHotEncoderOptions } from "./preprocessing/one-hot-encoder.js";
export { FittedStandardScaler, StandardScaler, type StandardScalerOptions } from "./preprocessing/standard-scaler.js";
export { type FittedTransformer, type Transformer, transformerFromJSON } from "./preprocessing/transformer.js";
export type { RetentionLimits } from "./runs/retention.js";
export { runs } from "./runs/runs.js";
export { RunsTable } from "./runs/runs-table.js";
export { type CompiledTrainingStep, type CompileStepOptions, compileStep } from "./training/compile-step.js";
export { type EvaluateOptions, evaluate } from "./training/evaluate.js";
export { fit } from "./training/fit.js";
export type { FitOptions, LabelledRows, RecordOptions } from "./training/fit-options.js";
export { History, type HistoryRow } from "./training/history.js";
export {
  findLearningRate,
  type LearningRateFinderOptions,
  LearningRates,
} from "./training/learning-rate-finder.js";
export type { AnyMetric, MetricChoice } from "./training/metrics.js";
export type { Numbers } from "./training/number-block.js";
export type { AnyLoss, LossChoice, LossWeights } from "./training/objective.js";
export { type PredictOptions, predict, predictClasses } from "./training/predict.js";
export { type ResumeOptions, resume } from "./training/resume.js";
export type { Rows } from "./training/rows.js";
export type { Run } from "./training/run.js";
export type { ClassWeights } from "./training/sample-weights.js";
export { type ScaleRun, ScaleStudy, type ScaleStudyOptions, type Size, scaleStudy } from "./training/scale-study.js";
