import { fileURLToPath } from "node:url";

/** A place in a stack trace, as the text of the trace names it. */
export interface Frame {
  readonly text: string;
  readonly script: string | undefined;
  readonly line: number;
  readonly column: number;
}

const kernelUrl = new URL("..", import.meta.url).href;
const libraryUrl = new URL("../../src/", import.meta.url).href;
const kernelFolder = fileURLToPath(kernelUrl);

/**
 * The frames of a V8 stack trace, without those of the kernel and of Node's own machinery.
 * @param message - Of the error: the trace begins with it, and its lines may look like frames.
 */
export function framesOf(stack: string, message: string): Frame[] {
  const start = stack.indexOf(message);
  return stack
    .slice(start < 0 ? 0 : start + message.length)
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !isMachinery(line))
    .map((line) => frameOf(line.trim()));
}

/** An inspected error without the lines that say where the kernel called the cell. */
export function withoutKernelFrames(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s+at /.test(line) || !isMachinery(line))
    .join("\n");
}

/** Whether a frame is in the training helpers. */
export function isOfHelpers({ text }: Frame): boolean {
  return text.includes(libraryUrl);
}

function isMachinery(line: string): boolean {
  return /\(?node:(internal\/|vm:)/.test(line) || line.includes(kernelUrl) || line.includes(kernelFolder);
}

function frameOf(text: string): Frame {
  const place = /(?:\(|^at (?:async )?)([^()]+):(\d+):(\d+)\)?$/.exec(text);
  return { text, script: place?.[1], line: Number(place?.[2] ?? 0), column: Number(place?.[3] ?? 0) };
}
