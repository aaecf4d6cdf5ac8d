// TensorFlow.js frees a tensor when its code says so: by `dispose`, or at the end of `tf.tidy`. Here its engine is made to
// hand over what neither will free, so that it is freed when nothing reaches it any more.
import tf = require("../parts.cjs");

import { assign, disposeTensor, disposeVariable, incRef, trackTensor } from "./counts.js";
import { endTape } from "./gradient-tape.js";
import { relieve, relieveIfPressed } from "./pressure.js";
import { endScope, startScope } from "./scopes.js";
import { variableNames } from "./variable-names.js";

type Engine = ReturnType<typeof tf.engine>;

/** What the declarations call private and the engine calls on itself. */
interface EngineParts extends Omit<Engine, "gradients" | "tidy"> {
  gradients(...args: Parameters<Engine["gradients"]>): ReturnType<Engine["gradients"]>;
  tidy(first: unknown, second?: unknown): unknown;
  nextVariableId(): number;
}

const engine = tf.engine() as unknown as EngineParts;
const stock = Object.getPrototypeOf(engine) as EngineParts;

const hooks: Partial<EngineParts> = {
  trackTensor,
  disposeTensor,
  disposeVariable,
  incRef,
  startScope,

  endScope(result) {
    endScope(result);
    if (engine.state.activeScope == null) relieveIfPressed();
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

  makeVariable(initialValue, trainable, name, dtype) {
    const own = name || String(engine.nextVariableId());
    variableNames.vacate(own);
    return stock.makeVariable.call(engine, initialValue, trainable, own, dtype);
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

const stockAssign = tf.Variable.prototype.assign;

Object.defineProperty(tf.Variable.prototype, "assign", {
  value(this: tf.Variable, value: tf.Tensor) {
    const fits = value.dtype === this.dtype && tf.util.arraysEqual(value.shape, this.shape);
    if (fits) assign(this, value);
    else stockAssign.call(this, value); // which says what does not fit
  },
  configurable: true,
  writable: true,
});

Object.assign(engine, hooks);
engine.state.registeredVariables = variableNames.asObject;
