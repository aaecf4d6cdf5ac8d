// An embedding that is loaded knows a data type that the one which was saved did not name.
import { tf } from "../../engine/tf.js";

interface Embedding {
  readonly dtype?: tf.DataType;
  getConfig(): tf.serialization.ConfigDict;
}

const prototype: Embedding = Object.getPrototypeOf(tf.layers.embedding({ inputDim: 1, outputDim: 1, name: "any" }));
const { getConfig } = prototype;

prototype.getConfig = function (this: Embedding) {
  return { ...getConfig.call(this), dtype: this.dtype ?? "float32" };
};
