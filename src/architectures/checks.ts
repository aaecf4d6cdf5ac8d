import { checkNumber, show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { checkCount } from "../layers/blocks/checks.js";
import { seeded as seededLayers } from "../layers/initializers/seeded.js";

export type ImageShape = readonly [height: number, width: number, channels: number];

/** A list of sizes from 1, as many as there are layers or stages. */
export function checkCounts(where: string, name: string, values: readonly number[], atLeast = 0): readonly number[] {
  if (!Array.isArray(values) || values.length < atLeast) {
    throw new OptionError(`${where}: ${name} must be an array of sizes, like [32, 64], got ${show(values)}.`);
  }
  for (const [i, value] of values.entries()) checkCount(where, `${name}[${i}]`, value);
  return values;
}

/** Either a list, or its length and first size, whichever was given. */
export function checkEither(
  where: string,
  list: { readonly [name: string]: unknown },
  sizes: { readonly [name: string]: unknown },
): void {
  const given = (options: { readonly [name: string]: unknown }) =>
    Object.keys(options).filter((name) => options[name] !== undefined);
  const [lists, others] = [given(list), given(sizes)];
  if (lists.length === 0 || others.length === 0) return;
  throw new OptionError(`${where}: ${lists.join(" and ")} says what ${others.join(" and ")} says. Pass one of them.`);
}

/** @throws ShapeError unless `shape` is that of an image with its channels. */
export function checkImageShape(where: string, shape: readonly number[]): ImageShape {
  if (!Array.isArray(shape) || shape.length !== 3) {
    const got = Array.isArray(shape) ? `[${shape.join(", ")}]` : show(shape);
    const advice =
      Array.isArray(shape) && shape.length === 2 ? ` Name the channels too: [${shape.join(", ")}, 1].` : "";
    throw new ShapeError(`${where}: inputShape must be [height, width, channels], got ${got}.${advice}`);
  }
  for (const [i, size] of shape.entries()) checkCount(where, `inputShape[${i}]`, size);
  return shape as unknown as ImageShape;
}

/** Lets every layer that `build` makes start from the stream of `seed`: the same seed, the same weights, bit for bit. */
export function seeded<T>(where: string, seed: number, build: () => T): T {
  checkNumber(where, "seed", seed, { integer: true });
  return seededLayers(seed, build);
}
