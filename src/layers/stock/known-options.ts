import { checkNames } from "../../core/check-options.js";
import { EtudeError, OptionError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";

/** What any layer takes beside what it saves. */
const common = ["name", "trainable", "inputShape", "batchInputShape", "batchSize", "dtype", "inputDType", "weights"];

/** What these take and make something else of: an input shape, or another class. */
const more: Readonly<Record<string, readonly string[]>> = {
  Conv1D: ["groups"],
  Conv2D: ["groups"],
  Dense: ["inputDim"],
  SimpleRNN: ["inputDim", "inputLength"],
  GRU: ["inputDim", "inputLength"],
  LSTM: ["inputDim", "inputLength"],
  RNN: ["inputDim", "inputLength"],
};

/**
 * Factories that refuse an option which the layer that they make does not have: TensorFlow.js passes over it without a word. What a
 * layer has is what it saves.
 */
export function withKnownOptions<Factories extends object>(factories: Factories): Factories {
  const checked = Object.entries(factories).map(([name, make]) => [
    name,
    isFactory(make) ? checking(name, make) : make,
  ]);
  return Object.fromEntries(checked) as Factories;
}

/** What TensorFlow.js says of an option that it refuses, with the name of the layer before it. */
function named<Made>(name: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof EtudeError || !(error instanceof Error)) throw error;
    const [first = "", ...rest] = error.message.split("\n")[0]!;
    throw new OptionError(`layers.${name}: ${first.toLowerCase()}${rest.join("")}`, { cause: error });
  }
}

interface ActivityOption {
  readonly activityRegularizer?: unknown;
}

type Factory = (config?: object) => unknown;

function isFactory(value: unknown): value is Factory {
  return typeof value === "function" && !(value.prototype instanceof tf.serialization.Serializable);
}

function checking(name: string, make: Factory): Factory {
  const checked: Factory = (...given) => {
    const made = named(name, () => make(...given));
    const [config] = given;
    // A factory in the place of its layer gets what the layer would, and `pipe` says so.
    if (config && !(config instanceof tf.SymbolicTensor) && made instanceof tf.layers.Layer) {
      const own = Object.keys(made.getConfig()).filter((option) => !common.includes(option));
      const known = [...own, ...(more[made.getClassName()] ?? []), ...common];
      const set = Object.entries(config).filter(([, value]) => value !== undefined);
      checkNames(`layers.${name}`, Object.fromEntries(set), known);
      if ((config as ActivityOption).activityRegularizer && !made.activityRegularizer) {
        throw new OptionError(
          `layers.${name}: takes no activityRegularizer. Put layers.activityRegularization behind the layer.`,
        );
      }
      // Layers around others pass over it.
      if ("trainable" in config && config.trainable === false) made.trainable = false;
    }
    return made;
  };
  return Object.defineProperty(checked, "name", { value: name });
}
