import { inspect } from "node:util";
import { type Displayable, displaySymbol, type MimeBundle } from "./mime.js";

/** Shows HTML. The text is put on the page as it is: never build it from data that others wrote without escaping it. */
export function html(source: string): Displayable {
  return rich({ "text/html": checkText("html", source), "text/plain": source });
}

/** Shows Markdown, with formulas between `$` signs. */
export function markdown(source: string): Displayable {
  return rich({ "text/markdown": checkText("markdown", source), "text/plain": source });
}

/** Shows a formula. Text without `$`, `\(`, `\[` or `\begin` is one formula; else these mark the formulas in it. */
export function latex(source: string): Displayable {
  const marked = /\$|\\\(|\\\[|\\begin\b/.test(checkText("latex", source));
  return rich({ "text/latex": marked ? source : `$\\displaystyle ${source}$`, "text/plain": source });
}

/** Shows a drawing. A notebook that is not trusted does not show SVG; `png` shows everywhere. */
export function svg(source: string): Displayable {
  if (!checkText("svg", source).includes("<svg")) {
    throw new TypeError("svg: expected the text of an SVG document with an <svg> element, got none.");
  }
  return rich({ "image/svg+xml": source, "text/plain": `SVG picture, ${size(Buffer.byteLength(source))}` });
}

/** Shows a PNG picture from the bytes of its file. */
export function png(bytes: Uint8Array): Displayable {
  return picture("png", "image/png", [0x89, 0x50, 0x4e, 0x47], bytes);
}

/** Shows a JPEG picture from the bytes of its file. */
export function jpeg(bytes: Uint8Array): Displayable {
  return picture("jpeg", "image/jpeg", [0xff, 0xd8, 0xff], bytes);
}

/** Shows plain data as a tree that can be folded. */
export function json(value: unknown): Displayable {
  return rich({ "application/json": value, "text/plain": inspect(value) });
}

/** Shows text as it is: a string without quotes, any other value as Node's inspector prints it. */
export function text(value: unknown): Displayable {
  return rich({ "text/plain": typeof value === "string" ? value : inspect(value) });
}

function rich(bundle: MimeBundle): Displayable {
  return { [displaySymbol]: () => bundle };
}

function picture(where: string, type: string, signature: readonly number[], bytes: Uint8Array): Displayable {
  if (!(bytes instanceof Uint8Array) || signature.some((byte, i) => bytes[i] !== byte)) {
    throw new TypeError(
      `${where}: expected the bytes of a ${where.toUpperCase()} file (a Uint8Array), got other data.`,
    );
  }
  return rich({ [type]: bytes, "text/plain": `${where.toUpperCase()} picture, ${size(bytes.length)}` });
}

function checkText(where: string, source: string): string {
  if (typeof source === "string") return source;
  throw new TypeError(`${where}: expected text, got ${source === null ? "null" : `a value of type ${typeof source}`}.`);
}

function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
}
