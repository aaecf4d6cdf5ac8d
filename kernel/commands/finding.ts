/** One line of the doctor: what was found, or what is wrong and how to repair it. */
export type Finding =
  | { readonly ok: true; readonly what: string }
  | { readonly ok: false; readonly what: string; readonly repair: string };
