import type { Activation, ActivationFacts } from "./activation-facts.js";
import type { ReceptiveField } from "./receptive-field.js";

/** What came out of a layer for one batch. */
export interface InspectionRow extends ActivationFacts {
  readonly layer: string;
  readonly activation: Activation;
  /** The layers that it gets its inputs from. */
  readonly from: readonly string[];
  /** Of one row. */
  readonly outputShape: readonly (number | null)[];
  readonly receptiveField: ReceptiveField;
}
