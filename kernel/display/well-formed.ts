/** Replaces half characters (lone surrogates), which no UTF-8 message can carry, by U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
