// TensorFlow.js frees a tensor when its code says so: by `dispose`, or at the end of `tf.tidy`. Here its engine is made to
// hand over what neither will free, so that it is freed when nothing reaches it any more. A tensor that its tidy frees is
// left alone and costs nothing.
import tf = require("../parts.cjs");

import { endTape, watchKept } from "./gradient-tape.js";
import { relieveIfPressed } from "./pressure.js";
import { scopeBegins, scopeEnds } from "./stopped-code.js";
import { variableNames } from "./variable-names.js";
import { watchedTensors } from "./watched-tensors.js";

type Engine = ReturnType<typeof tf.engine>;
type Gradients = (...args: Parameters<Engine["gradients"]>) => ReturnType<Engine["gradients"]>;

/** What the declarations call private and the engine calls on itself. */
interface EngineParts extends Omit<Engine, "gradients"> {
  gradients: Gradients;
  track<T extends tf.Tensor>(tensor: T): T;
  nextVariableId(): number;
}

const engine = tf.engine() as unknown as EngineParts;
const stock = Object.getPrototypeOf(engine) as EngineParts;
const hooks: Partial<EngineParts> = {
  track(tensor) {
    if (engine.state.activeScope != null) return stock.track.call(engine, tensor) as typeof tensor;
    watchedTensors.watch(tensor);
    relieveIfPressed();
    return tensor;
  },

  startScope(name) {
    scopeBegins(name);
    stock.startScope.call(engine, name);
  },

  endScope(result) {
    const scope = engine.state.activeScope;
    stock.endScope.call(engine, result);
    scopeEnds(scope);
    for (const tensor of scope.track) if (tensor.kept && !tensor.isDisposed) watchKept(tensor);
  },

  tidy: ((first: unknown, second: unknown) =>
    // By name: see stopped-code.ts.
    typeof first === "function"
      ? stock.tidy.call(engine, "tidy", first as never)
      : stock.tidy.call(engine, first as never, second as never)) as Engine["tidy"],

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

  reset() {
    stock.reset.call(engine);
    engine.state.registeredVariables = variableNames.asObject;
  },
};

Object.assign(engine, hooks);
engine.state.registeredVariables = variableNames.asObject;
