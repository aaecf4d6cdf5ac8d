// `resetAfter` of GRU layers, which Keras has by default and TensorFlow.js refuses: the reset gate goes over what the recurrent
// kernel gave, which has a bias of its own (Chung et al., as in cuDNN).
import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";

type Weight = ReturnType<tf.layers.Layer["addWeight"]>;
type AddWeight = Parameters<tf.layers.Layer["addWeight"]>;
type Masks = tf.Tensor[] | null;

interface Cell extends tf.layers.Layer {
  resetAfter?: boolean;
  useBias: boolean;
  readonly units: number;
  readonly kernel: Weight;
  readonly recurrentKernel: Weight;
  bias: Weight | null;
  readonly biasInitializer: AddWeight[3];
  readonly biasRegularizer: AddWeight[4];
  readonly biasConstraint: AddWeight[6];
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
  readonly recurrentActivation: { apply(x: tf.Tensor): tf.Tensor };
  readonly dropout: number;
  readonly recurrentDropout: number;
  dropoutMask: Masks;
  recurrentDropoutMask: Masks;
}

interface Config {
  readonly resetAfter?: boolean;
}

type FromConfig = Pick<typeof tf.layers.Layer, "fromConfig" | "prototype">;
const StockGRU = tf.layers.gru({ units: 1, name: "any" }).constructor as FromConfig &
  (new (
    config: object,
  ) => tf.layers.Layer & { readonly cell: Cell });
const StockCell = tf.layers.gruCell({ units: 1, name: "any" }).constructor as FromConfig &
  (new (
    config: object,
  ) => Cell);

const prototype = StockCell.prototype as unknown as Cell;
const { build, call, getConfig } = prototype;

prototype.build = function (this: Cell, inputShape) {
  const { useBias, resetAfter } = this;
  this.useBias = useBias && !resetAfter;
  build.call(this, inputShape);
  this.useBias = useBias;
  if (!useBias || !resetAfter) return;
  const { biasInitializer, biasRegularizer, biasConstraint } = this;
  const shape = [2, 3 * this.units];
  this.bias = this.addWeight("bias", shape, "float32", biasInitializer, biasRegularizer, true, biasConstraint);
};

prototype.call = function (this: Cell, inputs, kwargs) {
  if (!this.resetAfter) return call.call(this, inputs, kwargs);
  return tf.tidy(() => {
    const [given, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
    const training = Boolean(kwargs.training);
    if (this.dropout > 0) this.dropoutMask ??= [maskOf(given, this.dropout, training)];
    if (this.recurrentDropout > 0) this.recurrentDropoutMask ??= [maskOf(state, this.recurrentDropout, training)];
    const x = this.dropoutMask ? tf.mul(given, this.dropoutMask[0]!) : given;
    const h = this.recurrentDropoutMask ? tf.mul(state, this.recurrentDropoutMask[0]!) : state;
    const biases = this.bias ? tf.split(this.bias.read(), 2) : [];
    const products = [
      tf.matMul(x as tf.Tensor2D, this.kernel.read() as tf.Tensor2D),
      tf.matMul(h as tf.Tensor2D, this.recurrentKernel.read() as tf.Tensor2D),
    ].map((product, i) => tf.split(biases[i] ? tf.add(product, biases[i]!) : product, 3, 1));
    const [[xz, xr, xh], [hz, hr, hh]] = products as [
      [tf.Tensor, tf.Tensor, tf.Tensor],
      [tf.Tensor, tf.Tensor, tf.Tensor],
    ];
    const update = this.recurrentActivation.apply(tf.add(xz, hz));
    const reset = this.recurrentActivation.apply(tf.add(xr, hr));
    const candidate = this.activation.apply(tf.add(xh, tf.mul(reset, hh)));
    const next = tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), candidate));
    return [next, next];
  });
};

prototype.getConfig = function (this: Cell) {
  return { ...getConfig.call(this), resetAfter: this.resetAfter ?? false };
};

/** One for all steps: the layer lets go of it when it is called again. */
function maskOf(x: tf.Tensor, rate: number, training: boolean): tf.Tensor {
  return tf.keep(training ? tf.dropout(tf.onesLike(x), rate) : tf.onesLike(x));
}

class GRUCell extends StockCell {
  static readonly className = "GRUCell";
  constructor(config: Config) {
    super({ ...config, resetAfter: false });
    this.resetAfter = config.resetAfter ?? false;
  }
}
register(GRUCell);

class GRU extends StockGRU {
  static readonly className = "GRU";
  constructor(config: Config) {
    super({ ...config, resetAfter: false });
    this.cell.resetAfter = config.resetAfter ?? false;
  }
}
register(GRU);

export function gru(config: Config): tf.layers.Layer {
  return new GRU(config);
}

export function gruCell(config: Config): tf.layers.Layer {
  return new GRUCell(config);
}
