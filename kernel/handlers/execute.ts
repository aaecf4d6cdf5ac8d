import { splitCommands } from "../cells/line-commands.js";
import { execute } from "../protocol/execute.js";
import { handle } from "./handle.js";

export const handleExecute = handle(execute, async (content, { execution, language }, message) => {
  const reply = await execution.run(message);
  const ran = reply.status === "ok" || (reply.status === "error" && reply.ename !== "SyntaxError");
  const name = `Cell[${reply.execution_count}]`;
  // What ran is known to the cells after it, up to the point where it failed.
  if (ran) void language.then((types) => types.commit({ id: name, name, code: splitCommands(content.code).code }));
  return reply;
});
