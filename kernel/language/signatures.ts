import type { Hover } from "vscode-languageserver-protocol";
import type { KindOf, PlacedItem } from "./completion.js";
import type { Draft } from "./draft.js";
import { markdownOf } from "./inspection.js";
import type { DeclarationKind } from "./outline.js";
import type { TypeScriptServer } from "./server.js";
import { withoutPlumbing } from "./text.js";

/** Each signature is a question of its own: the first functions of a short list have one. */
const maxList = 100;
const maxSigned = 12;

/** LSP's kinds of a method and a function, and the declarations that may hold one. */
const memberKinds: readonly (number | undefined)[] = [2, 3];
const declarations: readonly (DeclarationKind | undefined)[] = ["function", "const", "let", "import"];

export interface Signatures {
  /** By label, as many as have come. */
  readonly signatures: ReadonlyMap<string, string>;
  /** Settles when all have. */
  readonly complete: Promise<unknown>;
}

/**
 * The signatures of the functions among some items. A member is resolved, which takes 1 to 3 ms. For a name in scope that
 * would build the list of all names anew, so its alias above the draft is hovered over instead; the functions of
 * JavaScript itself have no alias and go without.
 *
 * @param kindOf - Undefined for the members of a value.
 */
export function signaturesOf(
  placed: readonly PlacedItem[],
  draft: Draft,
  kindOf: KindOf | undefined,
  server: TypeScriptServer,
): Signatures {
  const signatures = new Map<string, string>();
  const isFunction = ({ item }: PlacedItem) =>
    kindOf === undefined ? memberKinds.includes(item.kind) : declarations.includes(kindOf(item.label));
  const asked = placed.length > maxList ? [] : placed.filter(isFunction).slice(0, maxSigned);
  const answers = asked.map(async ({ item }) => {
    const isMember = kindOf === undefined;
    const display = isMember ? (await server.resolve(item))?.detail : await hoverAt(draft.aliasOf(item.label));
    const signature = signatureIn(display ?? "", item.label);
    if (signature !== undefined) signatures.set(item.label, signature);
  });
  return { signatures, complete: Promise.all(answers) };

  async function hoverAt(position: object | undefined): Promise<string | undefined> {
    const hover = position && (await server.ask<Hover>("textDocument/hover", draft.path, { position }));
    return hover && markdownOf(hover).match(/```typescript\n(.*?)\n(?:```|import )/s)?.[1];
  }
}

/** What follows the name of a function, or its type where it is a variable: `(method) Frame.head(n: number): Frame`. */
function signatureIn(display: string, label: string): string | undefined {
  const text = withoutPlumbing(display).replace(/\s+/g, " ");
  const name = label.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const at = text.search(new RegExp(`(?<![\\p{ID_Continue}$])${name}(?![\\p{ID_Continue}$])`, "u"));
  if (at < 0) return undefined;
  const rest = text.slice(at + label.length);
  return rest.match(/^(?:<.+>)?\(.*$/)?.[0] ?? rest.match(/^: ((?:<.+>)?\(.*\) => .+)/)?.[1];
}
