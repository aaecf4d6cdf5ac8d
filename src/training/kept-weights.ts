import type { KeptWeights } from "../callbacks/callback.js";
import type { JsonValue } from "../core/json.js";
import { tf } from "../engine/tf.js";
import { distinctWeights, type LayerVariable } from "../models/model-weights.js";
import type { StoredArray } from "../models/safetensors.js";
import { arrayKinds, arraysUnder, type KeptPlace, keptPlaces } from "../runs/checkpoint-arrays.js";

interface Held {
  readonly place: KeptPlace;
  /** By the key of the weight in the model. */
  readonly values: ReadonlyMap<string, tf.Tensor>;
  /** Of those who keep them. */
  nClaims: number;
}

/**
 * Weights that a run keeps in memory, once for all who keep them at the same step. A checkpoint has them as arrays, and what the
 * callbacks keep refers to those.
 */
export class KeptWeightsOfRun {
  private readonly weights: ReadonlyMap<string, LayerVariable>;
  private readonly held = new Map<string, Held>();

  /** @param onRestore - Hears of the epoch whose weights were put back. */
  constructor(
    model: tf.LayersModel,
    private readonly onRestore: (epoch: number) => void,
  ) {
    this.weights = distinctWeights(model);
  }

  /** Keeps the weights as they are now. No number is copied: a variable that changes takes new memory. */
  keep(place: KeptPlace): KeptWeights {
    const held = this.held.get(arrayKinds.kept(place));
    return this.claim(held ?? this.hold(place, (_, weight) => weight.read().clone()));
  }

  /** What `toJSON` of kept weights wrote, in this run or before its break. */
  fromJSON(json: JsonValue): KeptWeights {
    return this.claim(this.held.get(arrayKinds.kept(json as unknown as KeptPlace))!);
  }

  /** All that is kept, for a checkpoint. */
  arrays(): [string, StoredArray][] {
    return [...this.held].flatMap(([prefix, { values }]) =>
      [...values].map(([key, value]): [string, StoredArray] => {
        return [prefix + key, { data: value.dataSync(), shape: value.shape, isBool: value.dtype === "bool" }];
      }),
    );
  }

  /** Takes back what {@link arrays} gave; what nobody claims then goes with {@link disposeUnclaimed}. */
  load(arrays: ReadonlyMap<string, StoredArray>): void {
    for (const place of keptPlaces(arrays)) {
      const stored = arraysUnder(arrays, arrayKinds.kept(place));
      this.hold(place, (key, weight) => {
        const { data, shape } = stored.get(key)!;
        return tf.tensor(data as Float32Array, [...shape], weight.dtype);
      });
    }
  }

  disposeUnclaimed(): void {
    for (const held of this.held.values()) if (held.nClaims === 0) this.drop(held);
  }

  dispose(): void {
    for (const held of this.held.values()) this.drop(held);
  }

  private hold(place: KeptPlace, valueFor: (key: string, weight: LayerVariable) => tf.Tensor): Held {
    const values = [...this.weights].map(([key, weight]) => [key, tf.keep(valueFor(key, weight))] as const);
    const held = { place, values: new Map(values), nClaims: 0 };
    this.held.set(arrayKinds.kept(place), held);
    return held;
  }

  private claim(held: Held): KeptWeights {
    const { place, values } = held;
    let isClaimed = true;
    held.nClaims++;
    return {
      epoch: place.epoch,
      restore: () => {
        for (const [key, weight] of this.weights) weight.write(values.get(key)!);
        this.onRestore(place.epoch);
      },
      dispose: () => {
        if (isClaimed) held.nClaims--;
        isClaimed = false;
        if (held.nClaims === 0) this.drop(held);
      },
      toJSON: () => ({ ...place }),
    };
  }

  private drop({ place, values }: Held): void {
    this.held.delete(arrayKinds.kept(place));
    tf.dispose([...values.values()]);
  }
}
