import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { CSVLogger } from "../../src/callbacks/csv-logger.js";
import { EarlyStopping } from "../../src/callbacks/early-stopping.js";
import { EMA } from "../../src/callbacks/ema.js";
import { GradientMonitor } from "../../src/callbacks/gradient-monitor.js";
import { LearningRateScheduler } from "../../src/callbacks/learning-rate-scheduler.js";
import { LiveBoard } from "../../src/callbacks/live-board.js";
import { ModelCheckpoint } from "../../src/callbacks/model-checkpoint.js";
import { Notify } from "../../src/callbacks/notify.js";
import { ReduceOnPlateau } from "../../src/callbacks/reduce-on-plateau.js";
import { StochasticWeightAveraging } from "../../src/callbacks/stochastic-weight-averaging.js";
import { TensorBoard } from "../../src/callbacks/tensorboard/tensorboard.js";
import { Timer } from "../../src/callbacks/timer.js";
import { schedules } from "../../src/optimizers/schedules/schedules.js";
import { callbackContract } from "../contracts/callback.js";

const folder = mkdtempSync(join(tmpdir(), "callbacks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, "log.csv");
/** All cells but the wall time. */
const csvCells = () => readFileSync(path, "utf8").replace(/^(\d+,\d+),[\d.]+/gm, "$1");

callbackContract("EarlyStopping", () => new EarlyStopping({ patience: 2, smoothing: 0.3 }));
callbackContract("EarlyStopping", () => new EarlyStopping({ patience: { steps: 7 }, baseline: 2, startFromEpoch: 1 }));
callbackContract("LearningRateScheduler", () => {
  return new LearningRateScheduler(schedules.oneCycle({ maxLearningRate: 1, totalSteps: 24 }));
});
callbackContract("LearningRateScheduler", () => new LearningRateScheduler((epoch, rate) => rate * 0.9 ** epoch));
callbackContract("ReduceOnPlateau", () => new ReduceOnPlateau({ patience: 1, cooldown: 1 }));
callbackContract("ModelCheckpoint", () => new ModelCheckpoint({ saveTopK: 2, everySteps: 4 }), {
  outcome: (callback) => (callback as ModelCheckpoint).best,
});
callbackContract("CSVLogger", () => new CSVLogger(path), { outcome: csvCells });
callbackContract("TensorBoard", () => new TensorBoard({ logDir: join(folder, "tensorboard"), everySteps: 2 }));
callbackContract("Timer", () => new Timer());
callbackContract("Notify", () => new Notify(() => {}));
callbackContract("EMA", () => new EMA({ decay: 0.5 }));
callbackContract(
  "StochasticWeightAveraging",
  () => new StochasticWeightAveraging({ startFromEpoch: 3, learningRate: 0.5 }),
);
callbackContract("GradientMonitor", () => new GradientMonitor({ everySteps: 2 }), {
  outcome: (callback) => (callback as GradientMonitor).rows,
});
callbackContract("LiveBoard", () => new LiveBoard());
