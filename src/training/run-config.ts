import type { JsonValue } from "../core/json.js";
import type { RunConfig, RunSetup } from "../runs/run-event.js";
import { bytesOf, hashOf, writeSamples } from "./kept-samples.js";
import type { FitPlan } from "./preflight.js";
import { recipeOf } from "./run-recipe.js";

/** What the journal of a run begins with; its rows are kept beside it, unless they are too many. */
export async function configOf(plan: FitPlan, folder: string, setup: RunSetup): Promise<RunConfig> {
  const hash = hashOf(plan);
  const isKept = bytesOf(plan) <= plan.maxDataBytes;
  const file = isKept ? await writeSamples(folder, plan, hash).catch(notKept) : null;
  return { title: plan.title, setup, recipe: recipeOf(plan) as unknown as JsonValue, data: { hash, file } };
}

function notKept(error: Error): null {
  console.warn(`fit: the rows are not kept beside the run, so resume will need them again: ${error.message}`);
  return null;
}
