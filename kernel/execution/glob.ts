/**
 * Whether all of `text` matches a glob: `*` is any text, `?` one character. Not a regular expression, since that may take
 * for ever on a pattern with many stars; here the newest star alone is tried again, which is enough.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      starAt = at;
    } else if (wanted === "?" || (wanted !== undefined && wanted === text[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}
