import { splitCommands } from "./line-commands.js";
import { defaultSettings } from "./settings.js";
import { runOxc } from "./transform.js";

/** Whether text can be run as it stands; an open one goes on in a line that starts with `indent`. */
export type End = { readonly kind: "complete" | "invalid" } | { readonly kind: "open"; readonly indent: string };

/** Says whether a cell is finished, or is waiting for what the parser missed where the text ends. */
export function endOf(source: string): End {
  const code = splitCommands(source).code.trimEnd();
  const ends = (["tsx", "ts"] as const).map((language) => endIn(code, language));
  return (
    ends.find(({ kind }) => kind === "complete") ?? ends.find(({ kind }) => kind === "open") ?? { kind: "invalid" }
  );
}

function endIn(code: string, language: "tsx" | "ts"): End {
  const { errors } = runOxc(code, language, { languages: [language], settings: defaultSettings, isCell: true }, false);
  const [error] = errors.filter(({ message }) => !message.startsWith("Namespaces exporting"));
  if (!error) return { kind: "complete" };
  const bytes = Buffer.byteLength(code);
  const isAtEnd = error.labels.some(({ start, end }) => start === bytes && end === bytes);
  // A string on one line counts: whoever types it has not closed it yet.
  const isUnclosed = /^Unterminated (string|multiline comment)/.test(error.message) && error.labels[0]?.end === bytes;
  if (isUnclosed) return { kind: "open", indent: "" };
  if (!isAtEnd && !code.endsWith("?.")) return { kind: "invalid" };
  return { kind: "open", indent: indentAfter(code, error.message.startsWith("Unexpected token")) };
}

/** As far in as the last line, and one step further after an opening bracket or where an operand is missing. */
function indentAfter(code: string, missesOperand: boolean): string {
  const line = code.slice(code.lastIndexOf("\n") + 1);
  const indent = /^\s*/.exec(line)![0];
  const step = indent.includes("\t") ? "\t" : "  ";
  const opens = /[{([]\s*(\/\/.*)?$/.test(line) || (missesOperand && !line.endsWith(","));
  return opens ? indent + step : indent;
}
