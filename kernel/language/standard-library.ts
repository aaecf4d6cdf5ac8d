/**
 * The parts of TypeScript's `lib` that a version of Node has, such as `"20.20.2"`. No DOM: a cell has no document.
 * `Symbol.dispose` is there since Node 20, and `using` is lowered where Node lacks it.
 */
export function standardLibrary(node: string): string[] {
  const major = Number(node.split(".")[0]);
  if (major >= 24) return ["es2025", "esnext.disposable"];
  if (major >= 22) return ["es2024", "es2025.collection", "es2025.iterator", "esnext.disposable"];
  return ["es2023", "esnext.disposable"];
}
