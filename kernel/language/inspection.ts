import type { Hover, MarkupContent, SignatureHelp } from "vscode-languageserver-protocol";
import type { Importable } from "./import-source.js";
import { withoutPlumbing } from "./text.js";

export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

const maxImports = 5;

/** What TypeScript says of a name it does not know. */
const unknown = "```typescript\nany\n```\n";

/** Where a call whose signature says nothing more, as those of most constructors, has its name: its own docs may. */
export function undocumentedCallee({ signatures, activeSignature }: SignatureHelp, code: string, cursor: number) {
  const active = signatures[activeSignature ?? 0];
  const name = active?.label.match(/^[\p{ID_Start}$_][\p{ID_Continue}$]*/u)?.[0];
  if (name === undefined || textOf(active?.documentation) !== "") return undefined;
  const at = code.lastIndexOf(`${name}(`, cursor);
  return at < 0 ? undefined : at;
}

/** The documentation in a hover, without the code. */
export function documentationOf(hover: Hover): string {
  return markdownOf(hover)
    .replace(/^```typescript\n.*?\n```\n/s, "")
    .trim();
}

/** What a hover and the signatures of the call around the cursor say, one under the other. */
export function toInspection(
  hover: Hover | undefined,
  help: SignatureHelp | undefined,
  ofCallee = "",
): Inspection | undefined {
  const signatures = help && [signaturesOf(help), ofCallee].filter((part) => part !== "").join("\n\n");
  const parts = [hover && markdownOf(hover), signatures].filter((part) => part && part !== unknown);
  if (parts.length === 0) return undefined;
  const markdown = tidy(withoutPlumbing(parts.join("\n\n---\n\n"))).trim();
  return { markdown, plain: plainText(markdown) };
}

/** Whether a hover is that of a name which TypeScript does not know. */
export function saysNothing(hover: Hover): boolean {
  return markdownOf(hover) === unknown;
}

/** What to say of a name that is not defined but could be imported, best first. */
export function importInspection(name: string, importables: readonly Importable[]): Inspection {
  const statements = importables.slice(0, maxImports).map(({ statement }) => statement);
  const text = `${name} is not defined. To import it:`;
  return {
    plain: [text, ...statements].join("\n"),
    markdown: `${text}\n\n\`\`\`typescript\n${statements.join("\n")}\n\`\`\``,
  };
}

export function markdownOf({ contents }: Hover): string {
  if (typeof contents === "string") return contents;
  if (Array.isArray(contents)) return contents.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
  return contents.value;
}

/** The signature in use first, with the documentation of the parameter at the cursor. */
function signaturesOf({ signatures, activeSignature, activeParameter }: SignatureHelp): string {
  const active = signatures[activeSignature ?? 0];
  if (active === undefined) return "";
  const labels = [active, ...signatures.filter((signature) => signature !== active)].map(({ label }) => label);
  const parameter = active.parameters?.[active.activeParameter ?? activeParameter ?? 0];
  const described = textOf(parameter?.documentation).replace(/^\s*-\s+/, "");
  const name = typeof parameter?.label === "string" ? parameter.label.match(/^[\w$.]+/)?.[0] : undefined;
  const ofParameter = described === "" || name === undefined ? described : `\`${name}\`: ${described}`;
  const documents = [ofParameter, textOf(active.documentation)].filter((text) => text !== "");
  return [`\`\`\`typescript\n${labels.join("\n")}\n\`\`\``, ...documents].join("\n\n");
}

function textOf(content: string | MarkupContent | null | undefined): string {
  return typeof content === "string" ? content : (content?.value ?? "");
}

/**
 * Without what only the library's author can use: type parameters of an options type, `| undefined` beside `?`,
 * `@doc`, links into files.
 */
function tidy(markdown: string): string {
  return markdown
    .replace(/^(\((?:property|method|accessor)\) [\w$.]+)<[^\n]*? (?:extends|=) [^\n]*?>(\.[\w$]+\??[:(<])/gm, "$1$2")
    .replace(/^(\(property\) [\w$.<>, ]+\?: .*) \| undefined$/gm, "$1")
    .replace(/^\*@doc\*.*$\n?/gm, "")
    .replace(/\[([^\]]*)\]\(file:[^)]*\)/g, "$1")
    .replace(/^(\*@\w+\*)(?: `([^`]*)`)? — /gm, (_, tag, name) =>
      name === undefined ? `${tag} ` : `${tag} \`${name}\` - `,
    );
}

/** Markdown as JupyterLab's tooltip shows it, which knows plain text only. */
function plainText(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?/gm, "")
    .replace(/\*+(@?\w[^*\n]*)\*+/g, "$1")
    .replace(/(?<![\p{ID_Continue}$])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\p{ID_Continue}$])/gu, "$1")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+\-.!<>])/g, "$1")
    .replace(/`([^`\n]+)`/g, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
