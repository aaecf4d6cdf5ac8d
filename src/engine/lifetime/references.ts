import type tf = require("../parts.cjs");

import { bytesPerElement, engine } from "./engine.js";

/** What must be known of a tensor to give back its reference to its data. */
export type Reference = Pick<tf.Tensor, "dataId" | "dtype" | "size">;

/**
 * Gives a tensor's reference to its data back, takes it out of the counts, and marks the tensor or what watches it, so that it is
 * done once.
 */
export function release(
  reference: Reference,
  {
    tensor,
    watched,
  }: { readonly tensor?: { isDisposedInternal: boolean }; readonly watched?: { isLive: boolean } | undefined },
): void {
  const { state } = engine;
  const bytes = countedBytes(reference);
  const strings = Number(reference.dtype === "string");
  if (!state.tensorInfo.has(reference.dataId)) return;
  // From here on no call until all is said.
  if (tensor !== undefined) tensor.isDisposedInternal = true;
  if (watched !== undefined) watched.isLive = false;
  state.numTensors--;
  state.numBytes -= bytes;
  state.numStringTensors -= strings;
  releaseData(reference.dataId);
}

/** Gives one reference to data back; the last one frees it. */
export function releaseData(dataId: object): void {
  const info = engine.state.tensorInfo.get(dataId);
  if (!info?.backend.disposeData(dataId)) return;
  // The text of strings was counted once, when it was written.
  if (info.dtype === "string") engine.state.numBytes -= info.bytes;
  engine.removeDataId(dataId, info.backend);
}

/** What a tensor adds to the bytes; the parts of a complex one count for themselves. */
export function countedBytes({ dtype, size }: Reference): number {
  return dtype === "complex64" || dtype === "string" ? 0 : size * bytesPerElement(dtype);
}
