import { createInterface } from "node:readline/promises";

export interface InputOptions {
  /** Do not show what is typed. @default false */
  readonly password?: boolean;
}

type Ask = (prompt: string, options: Required<InputOptions>) => Promise<string>;

const fromTerminal: Ask = async (prompt) => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(prompt);
  } finally {
    terminal.close();
  }
};

let ask = fromTerminal;

/** Called once by the kernel, which asks through the notebook. */
export function setInputSource(source: Ask): void {
  ask = source;
}

/**
 * Asks the person at the notebook for a line of text.
 *
 * @example
 * const name = await input("Your name? ");
 */
export function input(prompt = "", options: InputOptions = {}): Promise<string> {
  return ask(prompt, { password: options.password ?? false });
}
