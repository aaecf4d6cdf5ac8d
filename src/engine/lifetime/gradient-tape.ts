import type tf = require("../parts.cjs");

import { engine } from "./engine.js";
import { watchedTensors } from "./watched-tensors.js";

/** Tensors that were kept while a gradient is taken: nearly all are the tape's own, and freed with it. */
let keptOnTape: tf.Tensor[] = [];

/** Watches a tensor that was kept and so outlived its scope. */
export function watchKept(tensor: tf.Tensor): void {
  if (engine.state.gradientDepth > 0) keptOnTape.push(tensor);
  else watchedTensors.watch(tensor);
}

/** Called when the outermost gradient is taken, or has failed: then the tape still holds what it saved on the way forward. */
export function endTape(): void {
  const { state } = engine;
  for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = [];
  const kept = keptOnTape;
  keptOnTape = [];
  for (const tensor of kept) if (!tensor.isDisposed) watchedTensors.watch(tensor);
}
