import { show } from "../core/check.js";
import { OptionError } from "../core/errors.js";

/**
 * As `JSON.stringify`, but what that would leave out or change without a word is an error.
 * @param name - What `value` is, for errors.
 */
export function plainText(where: string, name: string, value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key) {
    const item = this[key]; // as it was before its toJSON
    const isPlain =
      item === null ||
      item === undefined ||
      ["string", "boolean"].includes(typeof item) ||
      Number.isFinite(item) ||
      Array.isArray(item) ||
      (typeof item === "object" &&
        !ArrayBuffer.isView(item) &&
        Object.getPrototypeOf(item)?.constructor.name === "Object");
    if (isPlain) return item;
    if (typeof item === "function" && key === "function") {
      throw new OptionError(
        `${where}: ${this.name} is a lambda of a plain function, which no file can hold. Call registerLambda("name", f) and make the layer with layers.lambda({ registered: "name" }).`,
      );
    }
    throw new OptionError(
      `${where}: ${name} must be plain JSON, and ${JSON.stringify(key)} is ${show(item)}. Use objects, arrays, texts, finite numbers, true, false and null.`,
    );
  });
}
