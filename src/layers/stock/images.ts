// Sizes of images, by Keras' arithmetic. TensorFlow.js has both layers, but says the shape of one image where there are many, and
// crops a column too far.
import { checkNumber, checkOneOf } from "../../core/check.js";
import { tf } from "../../engine/tf.js";
import { type LayerConfig, only, register } from "../own-layer.js";

export interface ImageSizeConfig extends LayerConfig {
  /** Of the images that come out, in pixels. */
  readonly height: number;
  /** Of the images that come out, in pixels. */
  readonly width: number;
}

export interface ResizingConfig extends ImageSizeConfig {
  /** Between four pixels, or the nearest one. @default "bilinear" */
  readonly interpolation?: "bilinear" | "nearest";
  /** Cuts off what the new shape has no place for, so that nothing is stretched. @default false */
  readonly cropToAspectRatio?: boolean;
}

abstract class ImageSize extends tf.layers.Layer {
  protected readonly height: number;
  protected readonly width: number;

  constructor(config: ImageSizeConfig) {
    super(config);
    this.height = checkNumber(this.name, "height", config.height, { integer: true, atLeast: 1 });
    this.width = checkNumber(this.name, "width", config.width, { integer: true, atLeast: 1 });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [n, , , channels] = inputShape as [null, null, null, number];
    return [n, this.height, this.width, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.sized(tf.cast(only(inputs), "float32") as tf.Tensor4D));
  }

  protected abstract sized(images: tf.Tensor4D): tf.Tensor4D;

  protected resized(images: tf.Tensor4D, interpolation: "bilinear" | "nearest"): tf.Tensor4D {
    const resize = interpolation === "bilinear" ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
    return resize<tf.Tensor4D>(images, [this.height, this.width], false, true);
  }

  /** The middle of the images, as large as their shape becomes that of the result. */
  protected cropped(images: tf.Tensor4D): tf.Tensor4D {
    const [, height, width] = images.shape;
    const fitting = (size: number, other: number, share: number) =>
      Math.max(1, Math.min(size, Math.trunc(other * share)));
    return middle(
      images,
      fitting(height, width, this.height / this.width),
      fitting(width, height, this.width / this.height),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), height: this.height, width: this.width };
  }
}

function middle(images: tf.Tensor4D, newHeight: number, newWidth: number): tf.Tensor4D {
  const [, height, width] = images.shape;
  const begin = [height - newHeight, width - newWidth].map((left) => Math.trunc(left / 2)) as [number, number];
  return tf.slice(images, [0, ...begin, 0], [-1, newHeight, newWidth, -1]);
}

class Resizing extends ImageSize {
  static readonly className = "Resizing";
  private readonly interpolation: "bilinear" | "nearest";
  private readonly cropToAspectRatio: boolean;

  constructor(config: ResizingConfig) {
    super(config);
    const interpolation = config.interpolation ?? "bilinear";
    this.interpolation = checkOneOf(this.name, "interpolation", interpolation, ["bilinear", "nearest"]);
    this.cropToAspectRatio = config.cropToAspectRatio ?? false;
  }

  protected override sized(images: tf.Tensor4D): tf.Tensor4D {
    return this.resized(this.cropToAspectRatio ? this.cropped(images) : images, this.interpolation);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { interpolation, cropToAspectRatio } = this;
    return { ...super.getConfig(), interpolation, cropToAspectRatio };
  }
}
register(Resizing);

class CenterCrop extends ImageSize {
  static readonly className = "CenterCrop";

  protected override sized(images: tf.Tensor4D): tf.Tensor4D {
    const [, height, width] = images.shape;
    if (height >= this.height && width >= this.width) return middle(images, this.height, this.width);
    return this.resized(this.cropped(images), "bilinear");
  }
}
register(CenterCrop);

/** Images `(n, any, any, channels)` of another size, `(n, height, width, channels)`, without smoothing before. */
export function resizing(config: ResizingConfig): tf.layers.Layer {
  return new Resizing(config);
}

/**
 * The middle of images: `(n, any, any, channels)` becomes `(n, height, width, channels)`. Images that are smaller are cropped to the
 * shape and enlarged.
 */
export function centerCrop(config: ImageSizeConfig): tf.layers.Layer {
  return new CenterCrop(config);
}
