import type { CompletionItem, CompletionList, Range } from "vscode-languageserver-protocol";
import type { Draft } from "./draft.js";
import { withoutPlumbing } from "./text.js";

export interface CompletionMatch {
  readonly text: string;
  /** JupyterLab's word for it: `function`, `class`, `property`, `keyword` and so on. */
  readonly kind: string;
  readonly signature?: string;
  /** UTF-16 offsets of what the match replaces. */
  readonly start: number;
  readonly end: number;
}

export interface Completion {
  readonly matches: readonly CompletionMatch[];
  /** UTF-16 offsets of what every match replaces. */
  readonly start: number;
  readonly end: number;
}

/** Asks the server for the details of an item. */
export type Resolve = (item: CompletionItem) => Promise<CompletionItem | undefined>;

/** So many of the best matches get a signature: it costs a question each, and the popup shows about ten. */
const nSignatures = 10;

/** LSP's kinds by number, from 1. */
const kinds = [
  "text",
  "method",
  "function",
  "constructor",
  "field",
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

/** The items that continue what is typed, best first. */
export async function toCompletion(list: CompletionList, draft: Draft, resolve: Resolve): Promise<Completion> {
  const { code, cursor } = draft;
  const shared = list.itemDefaults?.editRange;
  const placed = list.items
    .filter(({ label }) => !label.startsWith("$s") && !label.startsWith("__etude"))
    .map((item) => {
      const range = item.textEdit && "range" in item.textEdit ? item.textEdit.range : shared;
      const [start, end] = range === undefined ? wordAround(code, cursor) : offsetsOf(range, draft);
      return { item, start, end, text: item.textEdit?.newText ?? item.insertText ?? item.label };
    })
    .filter(({ item, start }) => continues(item.filterText ?? item.label, code.slice(start, cursor)))
    .sort((a, b) => compare(sortKey(a.item), sortKey(b.item)));
  if (placed.length === 0) return { matches: [], start: cursor, end: cursor };
  // Jupyter replaces one range, whichever match is picked: `?.name` also replaces the dot before the others.
  const start = Math.min(...placed.map((match) => match.start));
  const end = Math.max(...placed.map((match) => match.end));
  const details = await Promise.all(placed.slice(0, nSignatures).map(({ item }) => resolve(item)));
  const matches = placed.map((match, index) => {
    const text = code.slice(start, match.start) + match.text + code.slice(match.end, end);
    const signature = details[index]?.detail;
    const kind = kinds[(match.item.kind ?? 1) - 1] ?? "text";
    return { text, kind, ...(signature && { signature: withoutPlumbing(signature) }), start, end };
  });
  return { matches, start, end };
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
