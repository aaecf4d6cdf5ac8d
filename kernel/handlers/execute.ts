import { splitCommands } from "../cells/line-commands.js";
import { execute } from "../protocol/execute.js";
import { handle } from "./handle.js";

export const handleExecute = handle(execute, async ({ code }, { execution, language, typeCheck }, message) => {
  const reply = await execution.run(message, typeCheck.of(code));
  const ran = reply.status === "ok" || (reply.status === "error" && !/^(SyntaxError|TS\d+)$/.test(reply.ename));
  const name = `Cell[${reply.execution_count}]`;
  // What ran is known to the cells after it, up to the point where it failed.
  if (ran) void language.then((types) => types.commit({ id: name, name, code: splitCommands(code).code }));
  return reply;
});
