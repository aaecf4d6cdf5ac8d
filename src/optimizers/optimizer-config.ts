import type { OptimizerConfig } from "./optimizer.js";

/** What made an optimizer, as plain data; null if a part of it is code. */
export function optimizerConfig(name: string, options: Readonly<Record<string, unknown>>): OptimizerConfig | null {
  let isCode = false;
  const text = JSON.stringify(options, (key, value) => {
    isCode ||= typeof value === "function" || (key === "kind" && value === "custom");
    return value;
  });
  return isCode ? null : { name, options: JSON.parse(text) };
}
