/**
 * The sentence part that helps after a misspelt name: `Did you mean "species"?`, or what there is to choose from.
 * @param kind - What the names are, in the plural: "columns", "files".
 */
export function suggest(name: string, available: readonly string[], kind: string): string {
  const near = nearest(name, available);
  if (near.length > 0) return `Did you mean ${near.map((word) => JSON.stringify(word)).join(" or ")}?`;
  if (available.length === 0) return `There are no ${kind}.`;
  const shown = available.slice(0, 12).map((word) => JSON.stringify(word));
  const rest = available.length > shown.length ? ` and ${available.length - shown.length} more` : "";
  return `The ${kind} are ${shown.join(", ")}${rest}.`;
}

/** Up to three of `available` that differ from `name` by a slip of the pen, nearest first. */
function nearest(name: string, available: readonly string[]): string[] {
  const plain = name.toLowerCase();
  const limit = Math.max(1, Math.floor(plain.length / 3));
  return available
    .map((word) => ({ word, distance: editDistance(plain, word.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** Letters to insert, delete or replace (Wagner & Fischer, J. ACM 21, 1974). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
