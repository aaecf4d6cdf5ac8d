import { inspect } from "node:util";
import { displaySymbol, isDisplayable, type MimeBundle } from "./mime.js";

/** Where shown values go: the kernel's pipe, or lines of text in plain Node. */
export interface OutputTarget {
  show(bundle: MimeBundle, place: { readonly displayId?: string; readonly update: boolean }): void;
  clear(options: { readonly wait: boolean }): void;
  /** The running cell is not finished before `pending` has settled. */
  waitFor(pending: Promise<unknown>): void;
  newId(): string;
  /** The cell that runs, by a name that stays when it runs again; undefined where the front end gives none. */
  currentCell(): string | undefined;
}

/** A value on the page that can be changed in place. */
export interface DisplayHandle {
  readonly id: string;
  /** Shows `value` where the first one stood, in every copy of that output. */
  update(value: unknown): void;
  /** Empties the place. */
  clear(): void;
}

export interface DisplayOptions {
  /** A name for the place, so that another cell can update it. @default a new one */
  readonly id?: string;
}

let plainIds = 0;
const plainNode: OutputTarget = {
  show(bundle, { update }) {
    const text = bundle["text/plain"];
    if (!update && typeof text === "string" && text !== "") console.log(text);
  },
  clear() {},
  waitFor() {},
  newId: () => `display-${++plainIds}`,
  currentCell: () => undefined,
};

let target = plainNode;

/** Called once by the kernel; in plain Node a shown value stays a line of text. */
export function setOutputTarget(kernel: OutputTarget): void {
  target = kernel;
}

/** Whether a shown value can be changed later: true in a notebook, false in plain Node. */
export function canUpdate(): boolean {
  return target !== plainNode;
}

/** The cell that runs, by a name that stays when it runs again; undefined in plain Node, and where the front end gives none. */
export function currentCell(): string | undefined {
  return target.currentCell();
}

/**
 * Shows `value` at once, in its richest form, and returns a handle to change it later.
 *
 * @example
 * const progress = display(text("0 %"));
 * progress.update(text("50 %"));
 */
export function display(value: unknown, options: DisplayOptions = {}): DisplayHandle {
  const id = options.id ?? target.newId();
  send(value, id, false);
  return {
    id,
    update: (next) => send(next, id, true),
    clear: () => send(empty, id, true),
  };
}

/** Removes what the running cell has shown so far; with `wait`, only when its next output comes. */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  target.clear({ wait: options.wait ?? false });
}

/**
 * The bundle of any value: its own if it is displayable, or its text as Node's inspector prints it. It never throws: a
 * display method that does leaves the value's text and the reason.
 */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  try {
    if (!isDisplayable(value)) return { "text/plain": inspect(value) };
    const bundle = value[displaySymbol]();
    return bundle instanceof Promise ? bundle.catch((error) => withoutDisplay(value, error)) : bundle;
  } catch (error) {
    return withoutDisplay(value, error);
  }
}

function withoutDisplay(value: unknown, error: unknown): MimeBundle {
  return { "text/plain": `(could not show itself: ${firstLine(error)})\n${inspectSafely(value)}` };
}

function inspectSafely(value: unknown): string {
  try {
    return inspect(value, { customInspect: false });
  } catch (error) {
    return `(could not be inspected: ${firstLine(error)})`;
  }
}

function firstLine(error: unknown): string {
  return (inspect(error).split("\n")[0] ?? "").trim();
}

const empty = { [displaySymbol]: () => ({ "text/plain": "" }) };

function send(value: unknown, displayId: string, update: boolean): void {
  const bundle = bundleOf(value);
  const place = { displayId, update };
  if (bundle instanceof Promise) target.waitFor(bundle.then((ready) => target.show(ready, place)));
  else target.show(bundle, place);
}
