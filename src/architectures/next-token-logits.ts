import { RandomStream } from "../core/random.js";
import { CompiledFunction, NotCompiled, whyNothingCompiles } from "../engine/compiled/compiled-function.js";
import { HostVariables } from "../engine/compiled/host-variables.js";
import { tf } from "../engine/tf.js";

export interface NextTokenLogits {
  /** For each row the logits of the token after its last one. */
  of(rows: readonly (readonly number[])[]): Float32Array[];
  dispose(): void;
}

/**
 * What a decoder says of the token after each of `n` rows. Rows fill the context from its left, because no step sees what comes
 * behind it; of a longer row the end is seen.
 */
export function nextTokenLogits(
  model: tf.LayersModel,
  n: number,
  { length, vocabulary }: { readonly length: number; readonly vocabulary: number },
): NextTokenLogits {
  const step = ([tokens]: tf.Tensor[]) => ({ logits: model.apply(tokens!, { training: false }) as tf.Tensor });
  const host = new HostVariables();
  const compiled = compiledOrNull(step, [n, length], host);
  const tokens = (compiled?.inputs[0] as Float32Array | undefined) ?? new Float32Array(n * length);
  // Nothing draws while a model is used.
  const random = RandomStream.of(0, "dropout");
  const run = (): Float32Array => {
    if (compiled === null) return tf.tidy(() => step([tf.tensor(tokens, [n, length])]).logits.dataSync<"float32">());
    compiled.run(host, random);
    return compiled.outputs.logits as Float32Array;
  };
  return {
    of(rows) {
      tokens.fill(0);
      for (const [i, row] of rows.entries()) tokens.set(row.slice(-length), i * length);
      const all = run();
      return rows.map((row, i) => {
        const last = i * length + Math.min(row.length, length) - 1;
        return all.subarray(last * vocabulary, (last + 1) * vocabulary);
      });
    },
    dispose() {
      compiled?.dispose();
      host.release();
    },
  };
}

function compiledOrNull(
  step: Parameters<typeof CompiledFunction.of>[0],
  shape: number[],
  host: HostVariables,
): CompiledFunction | null {
  if (whyNothingCompiles() !== null) return null;
  try {
    return CompiledFunction.of(step, [{ shape, dtype: "float32" }], host);
  } catch (error) {
    if (error instanceof NotCompiled) return null;
    throw error;
  }
}
