import { show } from "../core/check.js";
import { OptionError, ShapeError } from "../core/errors.js";
import { tf } from "../engine/tf.js";
import { applied, type BlockActivation, checkActivation, isRectifier } from "../layers/blocks/activation.js";
import { checkCount } from "../layers/blocks/checks.js";
import { firstTransposedKernel } from "../layers/blocks/convolution.js";
import { forActivation } from "../layers/initializers/by-activation.js";
import { checkCounts, checkImageShape, type ImageShape, seeded } from "./checks.js";
import type { WeightOptions } from "./options.js";

export interface AutoencoderOptions extends WeightOptions {
  /** Of one row: `[columns]`, or height, width and channels of an image. */
  readonly inputShape: readonly number[];
  /** Numbers that a row is brought down to. */
  readonly latent: number;
  /** Of rows of columns: units of the encoder's hidden layers; the decoder has them the other way round. @default [64, 32] */
  readonly hidden?: readonly number[];
  /** Of images: filters of the encoder's convolutions, each of which halves the image. @default [16, 32] */
  readonly filters?: readonly number[];
  /** Of the hidden layers. @default "relu" */
  readonly activation?: BlockActivation;
}

/** Three models with the same weights: what trains one, trains all. */
export interface Autoencoder {
  /** From a row to what is left of it; train it with `y` the rows themselves. */
  readonly model: tf.LayersModel;
  /** From a row to its `latent` numbers. */
  readonly encoder: tf.LayersModel;
  /** From `latent` numbers to a row. */
  readonly decoder: tf.LayersModel;
}

type Layers = readonly tf.layers.Layer[];

/**
 * Layers that bring a row down to a few numbers, and layers that make a row of these: dense ones for rows of columns,
 * convolutions for images. Neither the numbers nor the row that comes out has an activation: as logits of pixels from 0 to 1
 * they suit the loss "binaryCrossEntropy", as plain numbers "meanSquaredError". The same seed gives the same weights, bit for bit.
 *
 * Hinton & Salakhutdinov, Reducing the dimensionality of data with neural networks (Science 313, 2006).
 *
 * @throws ShapeError if the image is too small to be halved so often.
 *
 * @example
 * const { model, encoder } = autoencoder({ inputShape: [64], latent: 8 });
 * await fit(model, { train: { x, y: x }, loss: "meanSquaredError", epochs: 20 });
 * const codes = encoder.predict(rows);
 */
export function autoencoder(options: AutoencoderOptions): Autoencoder {
  const { inputShape, latent } = options;
  checkCount("autoencoder", "latent", latent);
  const activation = checkActivation("autoencoder", options.activation ?? "relu");
  const [encoder, decoder] = isImage(options) ? imageParts(options, activation) : rowParts(options, activation);
  return seeded("autoencoder", options.seed ?? 0, () => ({
    model: chain([...inputShape], [...encoder, ...decoder]),
    encoder: chain([...inputShape], encoder),
    decoder: chain([latent], decoder),
  }));
}

function chain(inputShape: number[], layers: Layers): tf.LayersModel {
  const input = tf.input({ shape: inputShape, name: "input" });
  return tf.model({ inputs: input, outputs: layers.reduce((x, layer) => applied(layer, x), input) });
}

function isImage({ inputShape, hidden, filters }: AutoencoderOptions): boolean {
  if (!Array.isArray(inputShape) || (inputShape.length !== 1 && inputShape.length !== 3)) {
    const got = Array.isArray(inputShape) ? `[${inputShape.join(", ")}]` : show(inputShape);
    const advice = inputShape?.length === 2 ? ` Name the channels of an image: [${inputShape.join(", ")}, 1].` : "";
    throw new ShapeError(
      `autoencoder: inputShape must be [columns] or [height, width, channels], got ${got}.${advice}`,
    );
  }
  const image = inputShape.length === 3;
  if (image && hidden !== undefined) {
    throw new OptionError(
      "autoencoder: hidden is for rows of columns, and inputShape is that of an image. Use filters.",
    );
  }
  if (!image && filters !== undefined) {
    throw new OptionError("autoencoder: filters are for images, and inputShape is that of columns. Use hidden.");
  }
  return image;
}

function rowParts(options: AutoencoderOptions, activation: BlockActivation): [encoder: Layers, decoder: Layers] {
  const columns = checkCount("autoencoder", "inputShape[0]", options.inputShape[0]!);
  const hidden = checkCounts("autoencoder", "hidden", options.hidden ?? [64, 32]);
  const encoder = hidden.map((units, i) => dense(units, activation, `encoder${i + 1}`));
  const decoder = hidden.toReversed().map((units, i) => dense(units, activation, `decoder${i + 1}`));
  return [
    [...encoder, dense(options.latent, "linear", "latent")],
    [...decoder, dense(columns, "linear", "output")],
  ];
}

function imageParts(options: AutoencoderOptions, activation: BlockActivation): [encoder: Layers, decoder: Layers] {
  const shape = checkImageShape("autoencoder", options.inputShape);
  const filters = checkCounts("autoencoder", "filters", options.filters ?? [16, 32], 1);
  const sizes = sizesOf(shape, filters);
  const bottom = sizes.at(-1)!;
  const encoder = filters.map((width, i) =>
    tf.layers.conv2d({
      filters: width,
      kernelSize: 3,
      strides: 2,
      padding: "same",
      activation,
      kernelInitializer: forActivation(activation),
      name: `encoder${i + 1}`,
    }),
  );
  const decoder = filters.toReversed().flatMap((_, i) => {
    const isLast = i === filters.length - 1;
    return doubling(
      sizes[filters.length - 1 - i]!,
      isLast ? "linear" : activation,
      isLast ? "output" : `decoder${i + 1}`,
    );
  });
  return [
    [...encoder, tf.layers.flatten({ name: "flatten" }), dense(options.latent, "linear", "latent")],
    [
      dense(tf.util.sizeFromShape([...bottom]), activation, "decoder_dense"),
      tf.layers.reshape({ targetShape: [...bottom], name: "decoder_reshape" }),
      ...decoder,
    ],
  ];
}

/** Shapes of the image before and after each convolution. */
function sizesOf(shape: ImageShape, filters: readonly number[]): ImageShape[] {
  const [height, width] = shape;
  const least = 2 ** (filters.length - 1) + 1; // so that the last convolution finds two pixels
  if (Math.min(height, width) < least) {
    throw new ShapeError(
      `autoencoder: ${filters.length} convolutions halve the image ${filters.length} times and need ${least} rows and columns, got ${height} x ${width}. Use fewer filters or larger images.`,
    );
  }
  const halved = (size: number, times: number) => Math.ceil(size / 2 ** times);
  return [shape, ...filters.map((width, i): ImageShape => [halved(shape[0], i + 1), halved(shape[1], i + 1), width])];
}

/** A transposed convolution to an image of `shape`, which may be a row or a column short of twice the size. */
function doubling([height, width, channels]: ImageShape, activation: BlockActivation, name: string): Layers {
  const layer = tf.layers.conv2dTranspose({
    filters: channels,
    kernelSize: 3,
    strides: 2,
    padding: "same",
    activation,
    kernelInitializer: firstTransposedKernel(isRectifier(activation) ? 2 : 1, 2),
    name,
  });
  const cropping: [[number, number], [number, number]] = [
    [0, height % 2],
    [0, width % 2],
  ];
  const isWhole = cropping.flat().every((width) => width === 0);
  return isWhole ? [layer] : [layer, tf.layers.cropping2D({ cropping, name: `${name}_crop` })];
}

function dense(units: number, activation: BlockActivation, name: string): tf.layers.Layer {
  return tf.layers.dense({ units, activation, kernelInitializer: forActivation(activation), name });
}
