/** Real and imaginary parts, side by side in two arrays. */
export interface ComplexValues {
  readonly real: Float64Array;
  readonly imag: Float64Array;
}

/**
 * The discrete Fourier transform of one signal, or its inverse, which divides by the length.
 *
 * Powers of two by the radix-2 algorithm (Cooley & Tukey, Math. Comp. 19, 1965), other lengths by the definition.
 */
export function fourierTransform(signal: ComplexValues, isInverse: boolean): ComplexValues {
  const size = signal.real.length;
  const sign = isInverse ? 1 : -1;
  const angles = Float64Array.from({ length: size }, (_, i) => (sign * 2 * Math.PI * i) / size);
  const roots = { real: angles.map(Math.cos), imag: angles.map(Math.sin) };
  const result = Number.isInteger(Math.log2(size)) ? byHalves(signal, roots) : byDefinition(signal, roots);
  if (!isInverse) return result;
  return { real: result.real.map((value) => value / size), imag: result.imag.map((value) => value / size) };
}

function byDefinition(signal: ComplexValues, roots: ComplexValues): ComplexValues {
  const size = signal.real.length;
  const real = new Float64Array(size);
  const imag = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0, root = 0; j < size; j++, root = (root + i) % size) {
      real[i]! += signal.real[j]! * roots.real[root]! - signal.imag[j]! * roots.imag[root]!;
      imag[i]! += signal.real[j]! * roots.imag[root]! + signal.imag[j]! * roots.real[root]!;
    }
  }
  return { real, imag };
}

function byHalves(signal: ComplexValues, roots: ComplexValues): ComplexValues {
  const size = signal.real.length;
  const real = new Float64Array(size);
  const imag = new Float64Array(size);
  for (let i = 0, mirrored = 0; i < size; i++) {
    real[mirrored] = signal.real[i]!;
    imag[mirrored] = signal.imag[i]!;
    // Counts up with the highest bit first.
    let bit = size >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored |= bit;
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const [even, odd] = [start + i, start + i + half];
        const [cos, sin] = [roots.real[i * stride]!, roots.imag[i * stride]!];
        const turnedReal = real[odd]! * cos - imag[odd]! * sin;
        const turnedImag = real[odd]! * sin + imag[odd]! * cos;
        real[odd] = real[even]! - turnedReal;
        imag[odd] = imag[even]! - turnedImag;
        real[even]! += turnedReal;
        imag[even]! += turnedImag;
      }
    }
  }
  return { real, imag };
}
