import { type InspectReply, inspect } from "../protocol/inspect.js";
import { toUnits } from "./cursor.js";
import { describeAt } from "./describe.js";
import { handle } from "./handle.js";

export const handleInspect = handle(
  inspect,
  async ({ code, cursor_pos, detail_level = 0 }, context): Promise<InspectReply> => {
    const data = await describeAt(context, code, toUnits(code, cursor_pos), detail_level);
    return { status: "ok", found: Object.keys(data).length > 0, data, metadata: {} };
  },
);
