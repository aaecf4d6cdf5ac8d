import { checkNumber } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { type CallArguments, type LayerConfig, only } from "../own-layer.js";

export interface DropConfig extends LayerConfig {
  /** How likely each part is dropped: from 0 to below 1. */
  readonly rate: number;
}

/** A layer that drops parts of its input in training, others at each step, and else hands it on. */
export abstract class RandomDrop extends tf.layers.Layer {
  protected readonly rate: number;

  constructor(config: DropConfig) {
    super(config);
    this.supportsMasking = true;
    this.rate = checkNumber(this.name, "rate", config.rate, { atLeast: 0, below: 1 });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return inputShape as tf.Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: CallArguments): tf.Tensor {
    const x = only(inputs);
    return training && this.rate > 0 ? tf.tidy(() => this.drop(x)) : x;
  }

  protected abstract drop(x: tf.Tensor): tf.Tensor;

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
