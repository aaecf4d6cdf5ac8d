import { type BlockActivation, checkActivation } from "../layers/blocks/activation.js";
import { checkCount } from "../layers/blocks/checks.js";
import { checkImageShape, type ImageShape } from "./checks.js";

export interface WeightOptions {
  /** Of the first weights: the same seed gives the same ones, bit for bit, also within `seeded`. @default 0 */
  readonly seed?: number;
}

export interface NetOptions extends WeightOptions {
  /** Classes to tell apart, or numbers to predict; 1 for a yes-or-no question. */
  readonly outputs: number;
}

export interface ImageNetOptions extends NetOptions {
  /** Of one image: height, width, channels. */
  readonly inputShape: readonly number[];
  /** Of the hidden layers. @default "relu" */
  readonly activation?: BlockActivation;
}

export function checkOutputs(where: string, outputs: number): number {
  return checkCount(where, "outputs", outputs, "Pass the number of classes.");
}

/** What all networks of images take, checked. */
export function checkedImageNet(
  where: string,
  { inputShape, outputs, activation = "relu", seed = 0 }: ImageNetOptions,
): Required<ImageNetOptions> & { readonly inputShape: ImageShape } {
  return {
    inputShape: checkImageShape(where, inputShape),
    outputs: checkOutputs(where, outputs),
    activation: checkActivation(where, activation),
    seed,
  };
}
