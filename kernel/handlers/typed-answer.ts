import { setTimeout as delay } from "node:timers/promises";
import type { Language } from "../language/language.js";

/** A front end gives an answer up after a second. */
const patienceMs = 800;

/** What TypeScript answers; undefined if it is not there, or thinks for too long. */
export async function typedAnswer<Answer>(
  language: Promise<Language>,
  ask: (types: Language) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const types = await Promise.race([language, undefined]);
  return types && Promise.race([ask(types), delay(patienceMs, undefined, { ref: false })]);
}
