/** Which rows of a data set a value holds; `split` says it, and transforms keep it. */
export type Part = "train" | "validation" | "test";

/** Rows to learn from: whatever is fitted is fitted on these alone. */
export type Train<T> = T & { readonly part: "train" };

/** Rows to choose with: early stopping, hyperparameters, thresholds. */
export type Validation<T> = T & { readonly part: "validation" };

/** Rows to judge the finished model with, once. */
export type Test<T> = T & { readonly part: "test" };

/** `Result` with the part of `Source`, if that has one. */
export type SamePart<Source, Result> = Source extends { readonly part: infer P extends Part }
  ? Result & { readonly part: P }
  : Result;

/** `Data`, unless it is held out: then a type that no data fits and that says why in the compiler's message. */
export type NotHeldOut<Data> = Data extends { readonly part: "validation" | "test" }
  ? "fit learns from the train part only, or the score would flatter the model"
  : Data;
