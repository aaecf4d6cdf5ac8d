/** What a file of this room exports; `run` gets the words after the command's name and returns the exit code. */
export interface Command {
  readonly help: string;
  run(args: readonly string[]): Promise<number>;
}
