import { checkNumber } from "../../core/check.js";
import { OptionError, ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register, rowText } from "../own-layer.js";
import type { SameShape, Shaped } from "../shapes.js";
import { broadcastShape, resolvedAxes } from "./axes.js";
import { standardised } from "./standardised.js";

type StockConfig = NonNullable<Parameters<typeof tf.layers.batchNormalization>[0]>;
type Settings = Pick<
  StockConfig,
  "betaInitializer" | "gammaInitializer" | "betaRegularizer" | "gammaRegularizer" | "betaConstraint" | "gammaConstraint"
>;
type AddWeight = Parameters<tf.layers.Layer["addWeight"]>;
type Weight = ReturnType<tf.layers.Layer["addWeight"]>;

/** What the stock layer makes of names, configurations and objects. */
interface ReadSettings extends tf.layers.Layer {
  readonly betaInitializer: AddWeight[3];
  readonly gammaInitializer: AddWeight[3];
  readonly betaRegularizer: AddWeight[4];
  readonly gammaRegularizer: AddWeight[4];
  readonly betaConstraint: AddWeight[6];
  readonly gammaConstraint: AddWeight[6];
}

export interface InstanceNormalizationOptions extends LayerConfig, Settings {
  /** Of the channels. @default -1 */
  readonly axis?: number;
  /** Added to the variance, above 0. @default 1e-3 */
  readonly epsilon?: number;
  /** Adds a weight `beta` to each channel. @default true */
  readonly center?: boolean;
  /** Multiplies each channel by a weight `gamma`. @default true */
  readonly scale?: boolean;
}

export interface GroupNormalizationOptions extends InstanceNormalizationOptions {
  /** A divisor of the channels; -1 for as many as channels. @default 32 */
  readonly groups?: number;
}

/** {@link groupNormalization}. */
export class GroupNormalization extends tf.layers.Layer {
  static readonly className = "GroupNormalization";
  private readonly groups: number;
  private readonly axis: number;
  private readonly epsilon: number;
  private readonly center: boolean;
  private readonly scale: boolean;
  private readonly settings: ReadSettings;
  private gamma: Weight | null = null;
  private beta: Weight | null = null;

  constructor(config: GroupNormalizationOptions = {}) {
    super(config);
    const { groups = 32, axis = -1, epsilon = 1e-3, center = true, scale = true } = config;
    this.groups = checkNumber(this.name, "groups", groups, { integer: true, atLeast: -1 });
    if (groups === 0) throw new OptionError(`${this.name}: groups must be from 1, or -1 for one per channel, got 0.`);
    this.axis = checkNumber(this.name, "axis", axis, { integer: true });
    this.epsilon = checkNumber(this.name, "epsilon", epsilon, { above: 0 });
    this.center = center;
    this.scale = scale;
    this.supportsMasking = true;
    const { betaInitializer, gammaInitializer, betaRegularizer, gammaRegularizer } = config;
    const { betaConstraint, gammaConstraint } = config;
    const initial = { betaInitializer, gammaInitializer, betaRegularizer, gammaRegularizer };
    this.settings = tf.layers.batchNormalization({
      name: "settings",
      ...initial,
      betaConstraint,
      gammaConstraint,
    } as StockConfig) as unknown as ReadSettings;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = inputShape as tf.Shape;
    const channels = shape[resolvedAxes(this, this.axis, shape)[0]!]!;
    this.checkGroups(shape, channels);
    const { settings } = this;
    const weight = (name: "gamma" | "beta") =>
      this.addWeight(
        name,
        [channels],
        "float32",
        settings[`${name}Initializer`],
        settings[`${name}Regularizer`],
        true,
        settings[`${name}Constraint`],
      );
    if (this.scale) this.gamma = weight("gamma");
    if (this.center) this.beta = weight("beta");
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const axis = this.axis < 0 ? this.axis + x.rank : this.axis;
      const channels = x.shape[axis]!;
      const groups = this.groups === -1 ? channels : this.groups;
      const grouped = tf.reshape(x, [...x.shape.slice(0, axis), groups, channels / groups, ...x.shape.slice(axis + 1)]);
      const together = grouped.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
      const normed = tf.reshape(standardised(grouped, together, this.epsilon), x.shape);
      const ofChannels = (weight: Weight) => tf.reshape(weight.read(), broadcastShape(x.shape, [axis]));
      const scaled = this.gamma ? tf.mul(normed, ofChannels(this.gamma)) : normed;
      return this.beta ? tf.add(scaled, ofChannels(this.beta)) : scaled;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { groups, axis, epsilon, center, scale } = this;
    const stock = this.settings.getConfig();
    const names = ["Initializer", "Regularizer", "Constraint"].flatMap((kind) => [`beta${kind}`, `gamma${kind}`]);
    const settings = Object.fromEntries(names.map((name) => [name, stock[name]!]));
    return { ...super.getConfig(), groups, axis, epsilon, center, scale, ...settings };
  }

  private checkGroups(shape: tf.Shape, channels: number): void {
    const groups = this.groups === -1 ? channels : this.groups;
    if (channels % groups !== 0) {
      const divisors = Array.from({ length: channels }, (_, i) => i + 1).filter((i) => channels % i === 0);
      throw new ShapeError(
        `${this.name}: groups must be a divisor of the ${channels} channels of ${rowText(shape)}, got ${groups}; use one of ${divisors.join(", ")}.`,
      );
    }
    if (groups === channels && shape.length === 2) {
      throw new ShapeError(
        `${this.name}: needs more than one value in each group, got ${channels} groups of one channel of ${rowText(shape)}; use fewer groups, or layers.layerNormalization().`,
      );
    }
  }
}
register(GroupNormalization);

/**
 * Each group of channels of each row with mean 0 and variance 1, then each channel scaled and shifted: works the same for a
 * batch of 2 as of 200. Shapes stay. Wu & He, ECCV 2018.
 * @throws ShapeError if `groups` does not divide the channels.
 *
 * @example
 * build([28, 28, 1], (x) => x.pipe(layers.conv2d({ filters: 16, kernelSize: 3 }), layers.groupNormalization({ groups: 4 })));
 */
export function groupNormalization(options: GroupNormalizationOptions = {}): tf.layers.Layer & Shaped<SameShape> {
  return new GroupNormalization(options);
}

/**
 * Each channel of each row with mean 0 and variance 1, then scaled and shifted: {@link groupNormalization} with a group for each
 * channel. Shapes stay. PyTorch's has `epsilon: 1e-5`. Ulyanov et al., 2016.
 */
export function instanceNormalization(options: InstanceNormalizationOptions = {}): tf.layers.Layer & Shaped<SameShape> {
  return new GroupNormalization({ ...options, groups: -1 });
}
