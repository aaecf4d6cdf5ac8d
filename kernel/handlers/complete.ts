import { type CompleteReply, complete } from "../protocol/complete.js";
import { toCodePoints, toUnits } from "./cursor.js";
import { handle } from "./handle.js";
import { typedAnswer } from "./typed-answer.js";

/** Typed completions; while there are none, the names of the running program, or those that are known without it. */
export const handleComplete = handle(
  complete,
  async ({ code, cursor_pos }, { language, execution }): Promise<CompleteReply> => {
    const cursor = toUnits(code, cursor_pos);
    const typed = await typedAnswer(language, (types) => types.complete(code, cursor));
    const found = typed ?? (await execution.complete(code, cursor));
    const { matches = [], start = cursor, end = cursor } = found ?? {};
    const [cursor_start, cursor_end] = [toCodePoints(code, start), toCodePoints(code, end)];
    return {
      status: "ok",
      matches: matches.map(({ text }) => text),
      cursor_start,
      cursor_end,
      metadata: {
        _jupyter_types_experimental: matches.map(({ text, kind, ...rest }) => ({
          text,
          type: kind,
          ...("signature" in rest && rest.signature !== undefined ? { signature: String(rest.signature) } : {}),
          start: cursor_start,
          end: cursor_end,
        })),
      },
    };
  },
);
