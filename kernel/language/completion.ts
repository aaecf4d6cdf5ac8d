import type { CompletionItem, CompletionList, Range } from "vscode-languageserver-protocol";
import type { Draft } from "./draft.js";
import type { DeclarationKind } from "./outline.js";

export interface CompletionMatch {
  readonly text: string;
  /** JupyterLab's word for it: `function`, `class`, `property`, `keyword` and so on. */
  readonly kind: string;
  /** UTF-16 offsets of what the match replaces. */
  readonly start: number;
  readonly end: number;
  /** Of a function: parameters and what it returns. */
  readonly signature?: string;
}

/** An item that continues what is typed, and the UTF-16 offsets of what it replaces. */
export interface PlacedItem {
  readonly item: CompletionItem;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How a name is declared that is in scope through an alias, which TypeScript itself lists as a variable. */
export type KindOf = (name: string) => DeclarationKind | undefined;

/** Declarations that are no kinds of their own to JupyterLab. */
const variables: readonly (DeclarationKind | undefined)[] = [undefined, "const", "let", "import"];

export interface Completion {
  readonly matches: readonly CompletionMatch[];
  /** UTF-16 offsets of what every match replaces. */
  readonly start: number;
  readonly end: number;
}

/** LSP's kinds by number, from 1. */
const kinds = [
  "text",
  "method",
  "function",
  "class",
  "property",
  "variable",
  "class",
  "interface",
  "module",
  "property",
  "unit",
  "value",
  "enum",
  "keyword",
  "snippet",
  "color",
  "file",
  "reference",
  "folder",
  "enum member",
  "constant",
  "struct",
  "event",
  "operator",
  "type parameter",
];

/** The names that lead to definitions, in every cell. */
const generated = new Set(["$etude", "$etudeLibrary", "$etudeTypes"]);

/** The items that continue what is typed, best first. */
export function placedItems(list: CompletionList, draft: Draft): PlacedItem[] {
  const { code, cursor } = draft;
  const shared = list.itemDefaults?.editRange;
  return list.items
    .filter(({ label }) => !generated.has(label))
    .map((item) => {
      const range = item.textEdit && "range" in item.textEdit ? item.textEdit.range : shared;
      const [start, end] = range === undefined ? wordAround(code, cursor) : offsetsOf(range, draft);
      return { item, start, end, text: item.textEdit?.newText ?? item.insertText ?? item.label };
    })
    .filter(({ item, start }) => continues(item.filterText ?? item.label, code.slice(start, cursor)))
    .sort((a, b) => compare(sortKey(a.item), sortKey(b.item)));
}

/** @param signatures - By label, as many as are known. */
export function toCompletion(
  placed: readonly PlacedItem[],
  { code, cursor }: Draft,
  kindOf: KindOf | undefined,
  signatures: ReadonlyMap<string, string>,
): Completion {
  if (placed.length === 0) return noCompletion(cursor);
  // Jupyter replaces one range, whichever match is picked: `?.name` also replaces the dot before the others.
  const start = Math.min(...placed.map((match) => match.start));
  const end = Math.max(...placed.map((match) => match.end));
  const matches = placed.map((match) => {
    const text = code.slice(start, match.start) + match.text + code.slice(match.end, end);
    const declared = kindOf?.(match.item.label);
    const kind = (variables.includes(declared) ? kinds[(match.item.kind ?? 1) - 1] : declared) ?? "text";
    const signature = signatures.get(match.item.label);
    return { text, kind, start, end, ...(signature !== undefined && { signature }) };
  });
  return { matches, start, end };
}

export function noCompletion(cursor: number): Completion {
  return { matches: [], start: cursor, end: cursor };
}

/** Whether an expression stands at the cursor: only there TypeScript lists the global object. */
export function isExpression({ items }: CompletionList): boolean {
  return items.some(({ label }) => label === "globalThis");
}

function offsetsOf(range: Range | { insert: Range; replace: Range }, draft: Draft): [number, number] {
  const { start, end } = "insert" in range ? range.insert : range;
  return [draft.offsetAt(start), draft.offsetAt(end)];
}

function wordAround(code: string, cursor: number): [number, number] {
  const typed = code.slice(0, cursor).match(/[\p{ID_Continue}$]*$/u)?.[0] ?? "";
  return [cursor - typed.length, cursor];
}

function continues(candidate: string, typed: string): boolean {
  return candidate.toLowerCase().startsWith(typed.toLowerCase());
}

function sortKey({ sortText, label }: CompletionItem): string {
  return `${sortText ?? ""} ${label}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
