/** A line such as `%install lodash` at the top of a cell. */
export interface LineCommand {
  readonly name: string;
  readonly words: readonly string[];
}

/** `%check`: what happens to a cell in which TypeScript finds errors. */
export const checkPolicies = ["warn", "strict", "off"] as const;
export type CheckPolicy = (typeof checkPolicies)[number];

/** The commands at the top of a cell, and the cell with their lines left empty, so that positions stay what they were. */
export function splitCommands(source: string): { readonly commands: readonly LineCommand[]; readonly code: string } {
  const lines = source.split("\n");
  const commands: LineCommand[] = [];
  for (const [i, line] of lines.entries()) {
    const match = /^\s*(%{1,2}|!)\s*(\S*)(.*)$/.exec(line.trimEnd());
    if (match) {
      const [, sign = "", first = "", rest = ""] = match;
      commands.push({ name: sign === "!" ? "!" : first, words: rest.split(/\s+/).filter((word) => word !== "") });
      lines[i] = "";
    } else if (line.trim() !== "") break;
  }
  return { commands, code: commands.length === 0 ? source : lines.join("\n") };
}
