import { type InspectReply, inspect } from "../protocol/inspect.js";
import { toUnits } from "./cursor.js";
import { handle } from "./handle.js";

/** Type and documentation; while there are none, the value as the running program has it. */
export const handleInspect = handle(
  inspect,
  async ({ code, cursor_pos, detail_level = 0 }, { language, execution }): Promise<InspectReply> => {
    const cursor = toUnits(code, cursor_pos);
    const typed = await (await language).inspect(code, cursor, detail_level);
    if (typed) return reply({ "text/plain": typed.plain, "text/markdown": typed.markdown });
    const value = await execution.inspect(code, cursor);
    return reply(value === undefined ? {} : { "text/plain": value });
  },
);

function reply(data: Readonly<Record<string, string>>): InspectReply {
  return { status: "ok", found: Object.keys(data).length > 0, data, metadata: {} };
}
