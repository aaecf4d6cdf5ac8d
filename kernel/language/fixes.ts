import type { Diagnostic as ServerDiagnostic } from "vscode-languageserver-protocol";
import { packageName } from "./text.js";

/** What TypeScript says, and apart from it what to do. */
export interface Advice {
  readonly message: string;
  readonly fix?: string | undefined;
}

const missingModule = 2307;
const untypedModule = 7016;

/** Takes the advice out of a message and of what is said beside it; 7.0 has no quick fixes for these. */
export function adviceIn(text: string, { code, relatedInformation = [] }: ServerDiagnostic): Advice {
  const [, what = text, advice] = text.match(/^(.+?\.?)[\s]+((?:Did you|Do you need|Try) .+)$/s) ?? [];
  if (advice !== undefined) return { message: what, fix: fixIn(advice, Number(code)) };
  const hint = relatedInformation.map(({ message }) => String(message)).find((message) => /^Did you /.test(message));
  return { message: text, fix: hint === undefined ? fixFor(Number(code), text) : fixIn(hint, Number(code)) };
}

/** A sentence such as `Did you mean 'shape'?` as what to do. */
function fixIn(advice: string, code: number): string | undefined {
  const types = advice.match(/npm i --save-dev (@types\/[\w-]+)/)?.[1];
  // Elsewhere they would declare the globals of a web page or a test runner, which are not there when the cell runs.
  if (types !== undefined) return code === untypedModule ? `%install ${types}` : undefined;
  const [, name] = advice.match(/^Did you mean (?:to write |the (?:instance|static) member )?'([^']+)'\?$/) ?? [];
  if (name !== undefined) return `change spelling to '${name}'`;
  const [, deed] = advice.match(/^Did you (?:mean|forget) to (.+)\?$/) ?? [];
  if (deed !== undefined) return deed.replace(/^use 'await'$/, "add 'await'");
  const [, option] = advice.match(/Try (changing the 'lib' .+)\.$/) ?? [];
  // A browser's names would be declared and still not be there.
  if (option !== undefined) return option.includes("'dom'") ? undefined : option.replace(/^changing/, "change");
  return advice;
}

/** What is plain from the message alone. */
function fixFor(code: number, message: string): string | undefined {
  if (code === missingModule) {
    const name = packageName(message.match(/'([^']+)'/)?.[1] ?? "");
    return name === undefined ? undefined : `%install ${name}`;
  }
  const [, promised, expected] =
    message.match(/^Type 'Promise<(.+)>' is not assignable to type '(.+)'\.$/) ??
    message.match(/^Argument of type 'Promise<(.+)>' is not assignable to parameter of type '(.+)'\.$/) ??
    [];
  return promised !== undefined && promised === expected ? "add 'await'" : undefined;
}
