/** Prints what was found: `ok` or `FAIL`; one that fails makes the walk fail. */
export function fact(text, isTrue, got = "") {
  console.log(isTrue ? `ok   ${text}` : `FAIL ${text}`, got);
  if (!isTrue) process.exitCode = 1;
}
