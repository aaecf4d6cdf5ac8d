/** Whether `version` is `needed` or newer, number by number; what follows the numbers is not looked at. */
export function isAtLeast(version: string, needed: string): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  for (const [i, least] of needed.split(".").map(Number).entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
