import { splitCommands } from "../cells/line-commands.js";
import { execute } from "../protocol/execute.js";
import { describeAt } from "./describe.js";
import { type HandlerContext, handle } from "./handle.js";

export const handleExecute = handle(execute, async (content, context, message) => {
  const { execution, language, typeCheck } = context;
  const reply = await execution.run(message, typeCheck.of(content));
  const { commands, code } = splitCommands(content.code);
  const ran = reply.status === "ok" || (reply.status === "error" && !/^(SyntaxError|TS\d+)$/.test(reply.ename));
  const name = `Cell[${reply.execution_count}]`;
  // What ran is known to the cells after it, up to the point where it failed.
  if (ran) void language.then((types) => types.commit({ id: name, name, code }));
  const asked = commands.find((command) => command.name === "help")?.words[0];
  return reply.status === "ok" && asked !== undefined ? { ...reply, payload: [await helpPage(asked, context)] } : reply;
});

/** `%help NAME`: front ends show a page where they show documentation. */
async function helpPage(name: string, context: HandlerContext): Promise<object> {
  const data = await describeAt(context, name, name.length, 1);
  const nothing = { "text/plain": `%help: nothing is known of ${JSON.stringify(name)}.` };
  return { source: "page", data: Object.keys(data).length > 0 ? data : nothing, start: 0 };
}
