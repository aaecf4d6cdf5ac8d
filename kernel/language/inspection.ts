import type { Hover, MarkupContent, SignatureHelp } from "vscode-languageserver-protocol";
import { withoutPlumbing } from "./text.js";

export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

/** What TypeScript says of a name it does not know. */
const unknown = "```typescript\nany\n```\n";

/** What a hover and the signatures of the call around the cursor say, one under the other. */
export function toInspection(hover: Hover | undefined, help: SignatureHelp | undefined): Inspection | undefined {
  const parts = [hover && markdownOf(hover), help && signaturesOf(help)].filter((part) => part && part !== unknown);
  if (parts.length === 0) return undefined;
  const markdown = withoutPlumbing(parts.join("\n\n---\n\n")).trim();
  return { markdown, plain: plainText(markdown) };
}

function markdownOf({ contents }: Hover): string {
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
  const documents = [parameter?.documentation, active.documentation].map(textOf).filter((text) => text !== "");
  return [`\`\`\`typescript\n${labels.join("\n")}\n\`\`\``, ...documents].join("\n\n");
}

function textOf(content: string | MarkupContent | null | undefined): string {
  return typeof content === "string" ? content : (content?.value ?? "");
}

/** Markdown as JupyterLab's tooltip shows it, which knows plain text only. */
function plainText(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?/gm, "")
    .replace(/\*+(@?\w[^*\n]*)\*+/g, "$1")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+\-.!<>])/g, "$1")
    .replace(/`([^`\n]+)`/g, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
