import { inspect } from "node:util";
import { bundleOf } from "../../src/output/display.js";
import type { MimeBundle } from "../../src/output/mime.js";
import { withoutKernelFrames } from "./stack-frames.js";
import { wellFormed } from "./well-formed.js";

/** What a front end can take as the data of a result or display of `value`; it never throws and never rejects. */
export function bundleFor(value: unknown): MimeBundle | Promise<MimeBundle> {
  const bundle = bundleOf(value);
  if (bundle instanceof Promise) return bundle.then(messageBundle);
  return messageBundle(value instanceof Error ? withShortStack(bundle) : bundle);
}

/**
 * Makes a bundle fit for a message: text is well-formed, JSON types are plain data, pictures are base64. What cannot be
 * carried is dropped and named in `text/plain`, which is always there.
 */
export function messageBundle(bundle: MimeBundle): MimeBundle {
  if (bundle === null || typeof bundle !== "object") {
    return {
      "text/plain": `(could not show itself: its display method returned ${inspect(bundle)}, not a MIME bundle)`,
    };
  }
  const data: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const type of Object.keys(bundle)) {
    try {
      const value = messageData(type, bundle[type]);
      if (value !== undefined) data[type] = value;
    } catch (error) {
      dropped.push(
        `(${type} could not be shown: ${error instanceof Error ? error.message.split("\n")[0] : inspect(error)})`,
      );
    }
  }
  const text = data["text/plain"] ?? (dropped.length > 0 ? undefined : Object.keys(data).join(", "));
  return { ...data, "text/plain": [text, ...dropped].filter((line) => line !== undefined).join("\n") };
}

function messageData(type: string, value: unknown): unknown {
  if (value === undefined || typeof value === "function" || typeof value === "symbol") return undefined;
  if (type === "application/json" || type.endsWith("+json")) return plainData(value);
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return wellFormed(value.join(""));
  return wellFormed(typeof value === "string" ? value : inspect(value));
}

/** The value as JSON carries it; integers too large for JSON become text, typed arrays become arrays. */
export function plainData(value: unknown): unknown {
  const source = typeof value === "string" ? parsedIfJson(value) : value;
  const json = JSON.stringify(source, (_key, part: unknown) => {
    if (typeof part === "bigint") return Number.isSafeInteger(Number(part)) ? Number(part) : String(part);
    if (typeof part === "string") return wellFormed(part);
    if (ArrayBuffer.isView(part) && !(part instanceof DataView))
      return Array.from(part as Iterable<unknown> & typeof part);
    return wellFormedKeys(part);
  });
  return json === undefined ? undefined : JSON.parse(json);
}

function wellFormedKeys(part: unknown): unknown {
  if (part === null || typeof part !== "object" || Object.keys(part).every((key) => wellFormed(key) === key))
    return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [wellFormed(key), value]));
}

/** Front ends want an object for a JSON type, and libraries written for other kernels hand over its text. */
function parsedIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withShortStack(bundle: MimeBundle): MimeBundle {
  const text = bundle["text/plain"];
  return typeof text === "string" ? { ...bundle, "text/plain": withoutKernelFrames(text) } : bundle;
}
