/** Five significant digits: more cannot be seen in a chart, and every digit is saved in the notebook. Integers stay. */
export function roundForChart(value: number): number {
  return Number.isInteger(value) || Math.abs(value) >= 1e4 ? Math.round(value) : Number(value.toPrecision(5));
}

/** A number as a reader wants it in a line of text: four significant digits, thousands separated, no trailing zeros. */
export function readableNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) return trimExponent(value.toExponential(2));
  if (Math.abs(value) >= 1e9) return trimExponent(value.toExponential(3));
  const digits = Math.abs(value) >= 1e3 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return value.toLocaleString("en-US", digits);
}

/** Seconds as `8 s`, `3 min 20 s` or `2 h 5 min`. */
export function readableDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 1) return "< 1 s";
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return parts(Math.floor(whole / 60), "min", whole % 60, "s");
  return parts(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
}

function parts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}
