import { setImmediate } from "node:timers";

import tf = require("../parts.cjs");

import { endTape } from "./gradient-tape.js";

/** What `startScope()` calls a scope; only the user's own may stay open when code awaits. */
const namelessScope = "unnamed scope";

/** Operations, tidies and gradients that run now, one in the other. */
let depth = 0;
let isExpected = false;

/**
 * Sees to it that the scope that begins is closed. An operation, a tidy and a gradient are synchronous: one that is still
 * open in the next turn of the event loop was cut off by Stop, which runs no `finally`. Left as it is, every tensor from
 * then on would belong to it and never be freed.
 */
export function scopeBegins(name: string | undefined): void {
  if (!name) return;
  depth++;
  if (isExpected) return;
  isExpected = true;
  setImmediate(() => {
    isExpected = false;
    if (depth > 0) closeScopes();
  }).unref();
}

export function scopeEnds({ name }: { readonly name: string }): void {
  if (name !== namelessScope) depth--;
}

function closeScopes(): void {
  const engine = tf.engine();
  const { state } = engine;
  state.kernelDepth = 0;
  state.gradientDepth = 0;
  while (state.scopeStack.length > 0) engine.endScope();
  endTape();
  depth = 0;
}
