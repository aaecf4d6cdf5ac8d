import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { executablePath } from "../../kernel/language/executable.js";
import { standardLibrary } from "../../kernel/language/standard-library.js";

describe("the standard library of Node", () => {
  it.each(["20.20.2", "22.23.3", "24.21.0", "26.9.0"])("%s is one that TypeScript has", (node) => {
    const missing = standardLibrary(node).filter(
      (lib) => !existsSync(join(dirname(executablePath()), `lib.${lib}.d.ts`)),
    );
    expect(missing).toEqual([]);
  });
});
