import { setImmediate } from "node:timers";

import tf = require("../parts.cjs");

import { engine, isTensor } from "./engine.js";
import { endTape, watchKept } from "./gradient-tape.js";
import { watchedTensors } from "./watched-tensors.js";

/** What `startScope()` calls a scope; only the user's own may stay open when code awaits. */
const namelessScope = "unnamed scope";

type Scope = typeof engine.state.activeScope;
type Tracked = tf.Tensor & { scopeId?: number };

/** Operations, tidies and gradients that run now, one in the other. */
let depth = 0;
let isExpected = false;

/**
 * Begins a scope, and sees to it that it is closed. An operation, a tidy and a gradient are synchronous: one that is still
 * open in the next turn of the event loop was cut off by Stop, which runs no `finally`. Left as it is, every tensor from
 * then on would belong to it and never be freed.
 */
export function startScope(name?: string): void {
  const { state } = engine;
  const scope = { track: [], name: name || namelessScope, id: state.nextScopeId++ };
  state.scopeStack.push(scope);
  state.activeScope = scope;
  if (scope.name === namelessScope) return;
  depth++;
  if (isExpected) return;
  setImmediate(() => {
    isExpected = false;
    if (depth > 0) closeScopes();
  }).unref();
  isExpected = true;
}

/** Ends a scope: frees what it made, but for its result, which goes to the scope around it, and for what was kept. */
export function endScope(result?: tf.TensorContainer): void {
  const { state } = engine;
  const scope = state.activeScope;
  const isOne = isTensor(result);
  const returned = isOne || result == null ? undefined : new Set(tf.tensor_util.getTensorsInContainer(result));
  for (const tensor of scope.track) {
    if (tensor.kept) {
      if (!tensor.isDisposed) watchKept(tensor);
    } else if (tensor !== result && !returned?.has(tensor)) tensor.dispose();
  }
  // First the results, then the end: code that is stopped in between must not lose them.
  const around = state.scopeStack.at(-2);
  if (isOne) handOver(result, scope, around);
  else if (returned !== undefined) for (const tensor of returned) handOver(tensor, scope, around);
  state.scopeStack.pop();
  state.activeScope = around ?? (null as never);
  if (scope.name !== namelessScope) depth--;
}

/** Gives a tensor to a scope, or where there is none to those that are watched. */
export function track(tensor: Tracked, scope: Scope | null | undefined): void {
  if (scope == null) watchedTensors.add(tensor);
  else {
    tensor.scopeId = scope.id;
    scope.track.push(tensor);
  }
}

function handOver(tensor: Tracked, from: Scope, to: Scope | undefined): void {
  if (!tensor.kept && tensor.scopeId === from.id) track(tensor, to);
}

function closeScopes(): void {
  const { state } = engine;
  state.kernelDepth = 0;
  state.gradientDepth = 0;
  while (state.scopeStack.length > 0) endScope();
  endTape();
  depth = 0;
}
