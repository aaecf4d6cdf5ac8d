import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import type { RuntimeCompletion } from "../pipe/messages.js";

const chainEnd = /(?:^|[^\w$.])((?:[A-Za-z_$][\w$]*\s*\??\.\s*)*)([A-Za-z_$][\w$]*)?$/;

/** Names of the running program at the cursor, without running any of its code: getters are not called. */
export function completeAtRuntime(code: string, cursor: number, declared: Iterable<string>): RuntimeCompletion | null {
  const match = chainEnd.exec(code.slice(0, cursor));
  if (!match) return null;
  const [, chain = "", prefix = ""] = match;
  const names = chain === "" ? globalNames(declared) : membersOf(valueAt(parts(chain)));
  const matches = [...names]
    .filter(([name]) => name.startsWith(prefix))
    .map(([text, kind]) => ({ text, kind }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return { matches, start: cursor - prefix.length, end: cursor };
}

/** The value under the cursor as Node's inspector prints it, or null. */
export function inspectAtRuntime(code: string, cursor: number): string | null {
  const after = /^[\w$]*/.exec(code.slice(cursor))![0];
  const match = chainEnd.exec(code.slice(0, cursor) + after);
  if (!match?.[2]) return null;
  const value = valueAt([...parts(match[1] ?? ""), match[2]]);
  return value === missing ? null : inspect(value);
}

const missing = Symbol("missing");

function parts(chain: string): string[] {
  return chain.split(/\s*\??\.\s*/).filter((name) => name !== "");
}

function valueAt([first, ...rest]: string[]): unknown {
  let value = first === undefined ? missing : variable(first);
  for (const name of rest) value = property(value, name);
  return value;
}

function variable(name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (descriptor && !("value" in descriptor)) return missing;
  try {
    return runInThisContext(name); // a bare name: reads a variable and runs nothing
  } catch {
    return missing; // not declared, or a reserved word
  }
}

function property(value: unknown, name: string): unknown {
  for (const holder of prototypeChain(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (descriptor) return "value" in descriptor ? descriptor.value : missing;
  }
  return missing;
}

function* prototypeChain(value: unknown): Generator<object> {
  if (value === missing || value === undefined || value === null) return;
  for (let holder: object | null = Object(value); holder !== null; holder = Object.getPrototypeOf(holder)) yield holder;
}

function membersOf(value: unknown): Map<string, string> {
  const members = new Map<string, string>();
  for (const holder of prototypeChain(value)) {
    for (const [name, { value: member, get }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (/^[A-Za-z_$][\w$]*$/.test(name) && !members.has(name))
        members.set(name, get ? "property" : kindOf(member, "property"));
    }
  }
  return members;
}

function globalNames(declared: Iterable<string>): Map<string, string> {
  const names = membersOf(globalThis);
  for (const name of declared) names.set(name, kindOf(variable(name), "variable"));
  return names;
}

function kindOf(value: unknown, other: string): string {
  if (typeof value !== "function") return other;
  return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
}
