/** Jupyter counts a cursor in Unicode code points, JavaScript in UTF-16 units. */
export function toUnits(text: string, codePoints: number): number {
  let units = 0;
  for (let left = codePoints; left > 0 && units < text.length; left--) {
    units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  }
  return units;
}

export function toCodePoints(text: string, units: number): number {
  let codePoints = 0;
  for (let at = 0; at < units; codePoints++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return codePoints;
}
