// What the engine does when a tensor begins, ends or changes, in an order that Stop cannot spoil. V8 cuts code off where it
// calls a function or loops, never between two plain statements: so a tensor is in its scope before it counts, one that is
// freed is marked before, and a variable has its new data before the old is freed. At the worst a buffer is lost; nothing
// is freed twice.
import type tf = require("../parts.cjs");

import { engine, isVariable } from "./engine.js";
import { relieveIfPressed } from "./pressure.js";
import { countedBytes, release, releaseData } from "./references.js";
import { track } from "./scopes.js";
import { watchedTensors } from "./watched-tensors.js";

/** Counts a new tensor, and gives it to the scope that is open or to those that are watched. */
export function trackTensor(tensor: tf.Tensor, backend: tf.KernelBackend | null | undefined): void {
  const { state } = engine;
  const { dataId, dtype, shape } = tensor;
  const bytes = countedBytes(tensor);
  const info = { backend: backend ?? engine.backend, dtype, shape, bytes };
  const isNew = !state.tensorInfo.has(dataId);
  const watched = isVariable(tensor) ? watchedTensors.entry(tensor) : undefined;
  if (watched === undefined) track(tensor, state.activeScope);
  else watched.isLive = true;
  state.numTensors++;
  state.numBytes += bytes;
  if (dtype === "string") state.numStringTensors++;
  if (isNew) {
    state.numDataBuffers++;
    state.tensorInfo.set(dataId, info);
  }
  if (state.activeScope == null) relieveIfPressed();
}

/** Gives back what a tensor has. */
export function disposeTensor(tensor: tf.Tensor): void {
  const disposed = tensor as unknown as { isDisposedInternal: boolean };
  release(tensor, { tensor: disposed, watched: watchedTensors.find(tensor) });
}

/** Gives back what a variable has, once: twice would free what another tensor shares with it. */
export function disposeVariable(variable: tf.Variable): void {
  if (variable.isDisposed) return;
  disposeTensor(variable);
  delete engine.registeredVariables[variable.name];
}

/** A variable takes a reference of its own to the data that it begins with. */
export function incRef(variable: tf.Tensor): void {
  engine.backend.incRef(variable.dataId);
  trackTensor(variable, engine.backend);
}

/** `variable.assign(value)` for a value of the same shape and type: the variable shares the data of `value`. */
export function assign(variable: tf.Variable, { dataId }: tf.Tensor): void {
  const old = variable.dataId;
  const watched = watchedTensors.entry(variable);
  engine.state.tensorInfo.get(dataId)!.backend.incRef(dataId);
  variable.dataId = dataId;
  watched.dataId = dataId;
  releaseData(old);
}
