import type { HandlerContext } from "./handle.js";
import { typedAnswer } from "./typed-answer.js";

/**
 * What is known of the name at a place in a cell: type and documentation; while there are none, the value as the running
 * program has it. Empty if nothing is.
 *
 * @param cursor - UTF-16 offset.
 */
export async function describeAt(
  { language, execution }: Pick<HandlerContext, "language" | "execution">,
  code: string,
  cursor: number,
  detail: 0 | 1,
): Promise<Readonly<Record<string, string>>> {
  const typed = await typedAnswer(language, (types) => types.inspect(code, cursor, detail));
  if (typed) return { "text/plain": typed.plain, "text/markdown": typed.markdown };
  const value = await execution.inspect(code, cursor);
  return value === undefined ? {} : { "text/plain": value };
}
