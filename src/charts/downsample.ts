/**
 * Thins a line to at most `maxLength` points and keeps its shape: of each stretch the lowest and the highest point, and
 * the two ends (Steinarsson, "Downsampling Time Series for Visual Representation", 2013, calls it min-max).
 */
export function downsampleLine<T>(
  points: readonly T[],
  valueAt: (point: T) => number,
  maxLength: number,
): readonly T[] {
  if (points.length <= Math.max(maxLength, 4)) return points;
  const buckets = Math.max(1, Math.floor((maxLength - 2) / 2));
  const inner = points.slice(1, -1);
  const kept = Array.from({ length: buckets }, (_, i) => {
    const from = Math.floor((i * inner.length) / buckets);
    const to = Math.floor(((i + 1) * inner.length) / buckets);
    return extremes(inner.slice(from, to), valueAt);
  });
  return [points[0]!, ...kept.flat(), points.at(-1)!];
}

/** The lowest and the highest point, in the order in which they came. */
function extremes<T>(points: readonly T[], valueAt: (point: T) => number): T[] {
  let low = 0;
  let high = 0;
  for (let i = 1; i < points.length; i++) {
    if (valueAt(points[i]!) < valueAt(points[low]!)) low = i;
    if (valueAt(points[i]!) > valueAt(points[high]!)) high = i;
  }
  const [first, second] = low < high ? [low, high] : [high, low];
  return first === second ? points.slice(first, first + 1) : [points[first]!, points[second]!];
}

/** An even selection of at most `maxLength` points. */
export function everyNth<T>(points: readonly T[], maxLength: number): readonly T[] {
  if (points.length <= maxLength) return points;
  return Array.from({ length: maxLength }, (_, i) => points[Math.floor((i * points.length) / maxLength)]!);
}
