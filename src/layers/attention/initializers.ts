import { tf } from "../../engine/tf.js";

type Initializer = ReturnType<typeof tf.initializers.zeros>;
type Regularizer = ReturnType<typeof tf.regularizers.l2>;
type DenseConfig = Parameters<typeof tf.layers.dense>[0];

/** How a kernel begins and what it costs, as the stock layers take it. */
export type KernelConfig = Pick<DenseConfig, "kernelInitializer" | "biasInitializer" | "kernelRegularizer">;

export interface KernelSettings {
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: Regularizer | null;
}

/** Reads names, configurations and objects alike, as a stock layer does. */
export function kernelSettings(config: KernelConfig): KernelSettings {
  const { kernelInitializer, biasInitializer, kernelRegularizer } = config;
  const given = { kernelInitializer, biasInitializer, kernelRegularizer };
  return tf.layers.dense({ units: 1, name: "settings", ...given } as DenseConfig) as unknown as KernelSettings;
}

/** The same as `getConfig` writes it. */
export function serialized(settings: KernelSettings): tf.serialization.ConfigDict {
  const entries = Object.entries({
    kernelInitializer: settings.kernelInitializer,
    biasInitializer: settings.biasInitializer,
    kernelRegularizer: settings.kernelRegularizer,
  });
  return Object.fromEntries(entries.map(([name, value]) => [name, value && described(value)]));
}

export function described(value: Initializer | Regularizer): tf.serialization.ConfigDict {
  return { className: value.getClassName(), config: value.getConfig() };
}

/** For the next kernel of a layer: a seed of its own, where one seed would make the kernels equal. */
export function reseeded(initializer: Initializer, by: number): Initializer {
  const config = initializer.getConfig();
  if (typeof config.seed !== "number" || by === 0) return initializer;
  const made = Object.getPrototypeOf(initializer).constructor as new (config: object) => Initializer;
  return new made({ ...config, seed: config.seed + by });
}
