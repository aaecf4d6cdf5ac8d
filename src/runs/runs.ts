import { basename } from "node:path";
import { pinCurves } from "../callbacks/earlier-runs.js";
import type { Chart } from "../charts/chart.js";
import { DataError, OptionError } from "../core/errors.js";
import type { tf } from "../engine/tf.js";
import { buildModel, type ModelDescription, unknownLayerClass } from "../models/model-description.js";
import { newestCheckpoint } from "./checkpoint.js";
import { arrayKinds, arraysUnder, type KeptPlace } from "./checkpoint-arrays.js";
import { setModelWeights } from "./checkpoint-model.js";
import { setPinned } from "./pin.js";
import { type RetentionLimits, retain } from "./retention.js";
import { followRun, runBoard } from "./run-board.js";
import { allRecords, recordOf } from "./run-record.js";
import { currentWriter } from "./run-writer.js";
import { folderOfRun, runsFolder } from "./runs-folder.js";
import { RunsTable } from "./runs-table.js";
import { empty, moveToTrash, trashed } from "./trash.js";

type AnyRun = string | { readonly id: string };

/**
 * The runs that `fit` recorded.
 *
 * @example
 * runs.table();
 */
export const runs = {
  /** All runs, the newest first. */
  table(): RunsTable {
    return new RunsTable(allRecords(runsFolder()).reverse());
  },

  /**
   * Shows the board of a run in this cell, after a reload of the page or in another notebook too. One that is being trained, here
   * or by another process, is followed until it ends.
   */
  show(run: AnyRun): void {
    followRun(() => recordOf("runs.show", run));
  },

  /**
   * The curves of runs in one board, and a table of what was set otherwise and how good each became.
   * @param all - Two or more; the last one is drawn in full.
   */
  compare(...all: readonly AnyRun[]): Chart {
    if (all.length < 2) throw new OptionError(`runs.compare: takes two runs or more, got ${all.length}.`);
    const records = all.map((run) => recordOf("runs.compare", run));
    return runBoard(records.at(-1)!, records.slice(0, -1));
  },

  /**
   * The model of a run with its best weights, or with its last ones if none were kept as the best.
   * @throws DataError if no checkpoint is whole, or no file can hold the model.
   */
  async load(run: AnyRun): Promise<tf.LayersModel> {
    const { id, folder, begin } = recordOf("runs.load", run);
    const { checkpoint, damaged } = await newestCheckpoint("runs.load", folder);
    for (const { reason } of damaged) console.warn(`${reason} The checkpoint before it is taken.`);
    if (checkpoint === null)
      throw new DataError(`runs.load: run ${id} has no checkpoint that is whole. Train it anew.`);
    const recipe = begin.recipe as unknown as { model: ModelDescription | null; noModel: string; metadata: object };
    if (recipe.model === null)
      throw new DataError(`runs.load: no file can hold the model of run ${id}: ${recipe.noModel}.`);
    const unknown = unknownLayerClass(recipe.model);
    if (unknown !== undefined) {
      throw new DataError(
        `runs.load: run ${id} has a layer of the class ${JSON.stringify(unknown)}, which is not known here. Run the cell that defines it first.`,
      );
    }
    const { best } = checkpoint.state as unknown as { readonly best: KeptPlace | null };
    const model = buildModel(recipe.model);
    model.setUserDefinedMetadata(recipe.metadata);
    setModelWeights(model, arraysUnder(checkpoint.arrays, best === null ? arrayKinds.weight : arrayKinds.kept(best)));
    return model;
  },

  /** Moves a run into the trash of its folder. @throws OptionError if it is pinned or still runs. */
  async delete(run: AnyRun): Promise<void> {
    const { id, folder, isPinned } = recordOf("runs.delete", run);
    if (isPinned) throw new OptionError(`runs.delete: run ${id} is pinned. Call runs.pin(id, false) first.`);
    if (currentWriter(folder) !== null)
      throw new OptionError(`runs.delete: run ${id} is being trained. Stop it first.`);
    await moveToTrash(folder);
  },

  /** Keeps a run from being deleted, and its curves beside the later runs of its cell; or no longer. */
  pin(run: AnyRun, pinned = true): void {
    const folder = folderOfRun("runs.pin", run);
    setPinned(folder, pinned);
    pinCurves(basename(folder), pinned);
  },

  /**
   * Keeps the runs within limits, the newest ones and those that are pinned; `fit` does so by itself with the defaults. What goes
   * lies in the trash for a week.
   * @returns The ids of the runs that went.
   */
  async clean(limits: RetentionLimits = {}): Promise<string[]> {
    const folder = runsFolder();
    return folder === null ? [] : retain("runs.clean", folder, limits);
  },

  /** Deletes for good what lies in the trash. */
  async emptyTrash(): Promise<void> {
    const folder = runsFolder();
    if (folder !== null) await empty(await trashed(folder));
  },
};
