// Every layer is asked whether it takes its inputs before it makes weights for them, wherever it is applied: in `build`, in
// `tf.sequential().add` and by hand.
import { EtudeError, ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { rowText } from "../own-layer.js";
import { checkFit, isStock } from "./fits.js";
import { givePlainName } from "./plain-names.js";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

const { prototype } = tf.layers.Layer;
const { apply } = prototype;

prototype.apply = function (this: tf.layers.Layer, inputs: Inputs, kwargs) {
  const list = (Array.isArray(inputs) ? inputs : [inputs]) as tf.SymbolicTensor[];
  if (!list.every((input) => input instanceof tf.SymbolicTensor)) return apply.call(this, inputs, kwargs);
  givePlainName(this);
  checkFit(this, list);
  try {
    // A state to start with is one of the inputs by now, and needs no other mention in what is saved.
    const { initialState: _, ...own } = kwargs ?? {};
    return apply.call(this, inputs, own);
  } catch (error) {
    if (error instanceof EtudeError || !isStock(this) || !(error instanceof Error)) throw error;
    const got = list.map(({ shape }) => rowText(shape)).join(" and ");
    const reason = error.message.split("\n")[0]!.replace(/\.$/, "");
    throw new ShapeError(`${this.name}: does not take ${got}: ${reason}.`, { cause: error });
  }
};
