import { checkNumber } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { tf } from "../../engine/tf.js";
import { register } from "../own-layer.js";
import { RandomInitializer, type SeedOptions } from "./initializer.js";

export interface OrthogonalOptions extends SeedOptions {
  /** Length of each row or column. @default 1 */
  readonly gain?: number;
}

/**
 * A random matrix with orthogonal columns of length `gain`, or rows where there are fewer of them; a kernel with more axes counts
 * as one row for each of its positions and inputs. Saxe, McClelland & Ganguli, ICLR 2014.
 */
export class Orthogonal extends RandomInitializer {
  static readonly className: string = "SeededOrthogonal";
  private readonly gain: number;

  constructor(options: OrthogonalOptions = {}) {
    super("orthogonal", options);
    this.gain = checkNumber("orthogonal", "gain", options.gain ?? 1);
  }

  protected sample(shape: number[]): tf.Tensor {
    if (shape.length < 2) {
      throw new ShapeError(
        `orthogonal: a weight must have two axes or more, got shape [${shape}]. Use it for kernels.`,
      );
    }
    return tf.tidy(() => {
      const nColumns = shape.at(-1)!;
      const nRows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
      const [long, short] = [Math.max(nRows, nColumns), Math.min(nRows, nColumns)];
      const random = tf.randomNormal([long, short]).dataSync<"float32">();
      // Vector i of `basis` is its row i, and column i of the long matrix that was drawn.
      const basis = orthonormal(columnsOf(random, long, short), long);
      const numbers = Float32Array.from(basis, (value) => this.gain * value);
      const vectors = tf.tensor2d(numbers, [short, long]);
      return tf.reshape(nRows < nColumns ? vectors : tf.transpose(vectors), shape);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { gain: this.gain, seed: this.seed };
  }
}
register(Orthogonal);

function columnsOf(matrix: Float32Array, nRows: number, nColumns: number): Float64Array {
  const columns = new Float64Array(matrix.length);
  for (let row = 0; row < nRows; row++) {
    for (let column = 0; column < nColumns; column++) columns[column * nRows + row] = matrix[row * nColumns + column]!;
  }
  return columns;
}

/**
 * Makes vectors of `length` numbers, one after another in `vectors`, orthonormal in place: Q of the QR decomposition whose R has a
 * positive diagonal. By Gram-Schmidt, each vector twice: Giraud, Langou, Rozloznik & van den Eshof, Numer. Math. 101 (2005).
 */
function orthonormal(vectors: Float64Array, length: number): Float64Array {
  for (let start = 0; start < vectors.length; start += length) {
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < start; other += length) {
        let product = 0;
        for (let i = 0; i < length; i++) product += vectors[start + i]! * vectors[other + i]!;
        for (let i = 0; i < length; i++) vectors[start + i]! -= product * vectors[other + i]!;
      }
    }
    let squares = 0;
    for (let i = 0; i < length; i++) squares += vectors[start + i]! ** 2;
    const norm = Math.sqrt(squares);
    for (let i = 0; i < length; i++) vectors[start + i]! /= norm;
  }
  return vectors;
}
