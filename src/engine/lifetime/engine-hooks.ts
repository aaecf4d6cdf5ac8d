// TensorFlow.js frees a tensor when its code says so: by `dispose`, or at the end of `tf.tidy`. Here its engine is made to
// hand over what neither will free, so that it is freed when nothing reaches it any more.
import tf = require("../parts.cjs");

import { endTape } from "./gradient-tape.js";
import { relieve, relieveIfPressed } from "./pressure.js";
import { endScope, startScope, track } from "./scopes.js";
import { variableNames } from "./variable-names.js";
import { watchedTensors } from "./watched-tensors.js";

type Engine = ReturnType<typeof tf.engine>;

/** What the declarations call private and the engine calls on itself. */
interface EngineParts extends Omit<Engine, "gradients" | "tidy"> {
  gradients(...args: Parameters<Engine["gradients"]>): ReturnType<Engine["gradients"]>;
  tidy(first: unknown, second?: unknown): unknown;
  track<T extends tf.Tensor>(tensor: T): T;
  nextVariableId(): number;
}

const engine = tf.engine() as unknown as EngineParts;
const stock = Object.getPrototypeOf(engine) as EngineParts;

const hooks: Partial<EngineParts> = {
  startScope,

  endScope(result) {
    endScope(result);
    if (engine.state.activeScope == null) relieveIfPressed();
  },

  track(tensor) {
    track(tensor);
    if (engine.state.activeScope == null) relieveIfPressed();
    return tensor;
  },

  /** Its scope has a name, so that it is not taken for one that the user opened. */
  tidy(first, second) {
    return typeof first === "function"
      ? stock.tidy.call(engine, "tidy", first)
      : stock.tidy.call(engine, first, second);
  },

  gradients(...args) {
    try {
      return stock.gradients.apply(engine, args);
    } finally {
      if (engine.state.gradientDepth === 0) endTape();
    }
  },

  /** For variables, when they are made and when they get a new value. */
  incRef(variable, backend) {
    stock.incRef.call(engine, variable, backend);
    watchedTensors.watch(variable);
  },

  makeVariable(initialValue, trainable, name, dtype) {
    const own = name || String(engine.nextVariableId());
    variableNames.vacate(own);
    return stock.makeVariable.call(engine, initialValue, trainable, own, dtype);
  },

  disposeTensor(tensor) {
    watchedTensors.unwatch(tensor);
    stock.disposeTensor.call(engine, tensor);
  },

  disposeVariable(variable) {
    // Twice would give back a reference that another tensor has to the same data.
    if (variable.isDisposed) return;
    stock.disposeVariable.call(engine, variable);
    Object.assign(variable, { isDisposedInternal: true }); // tf.disposeVariables leaves that out
  },

  /** Counts what is reachable; what is not would only say how long ago the last collection was. */
  memory() {
    relieve();
    return stock.memory.call(engine);
  },

  reset() {
    stock.reset.call(engine);
    engine.state.registeredVariables = variableNames.asObject;
  },
};

Object.assign(engine, hooks);
engine.state.registeredVariables = variableNames.asObject;
