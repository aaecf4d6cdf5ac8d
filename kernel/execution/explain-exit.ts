export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** We ended it, since the user asked twice. */
  readonly stopped: boolean;
  /** The end of what it wrote to stderr. */
  readonly lastWords: string;
  /** Its last known resident memory in bytes; 0 when unknown. */
  readonly memory: number;
}

/** Why the user process ended, in words a person can act on. */
export function explainExit({ code, signal, stopped, lastWords, memory }: Exit): string {
  const size = memory > 0 ? ` Its last known memory was ${Math.round(memory / 1e6)} MB.` : "";
  const lost = "Variables and imports are lost; the next cell starts in a fresh process.";
  if (stopped) return `The second Stop ended the process, because the cell did not react to the first. ${lost}`;
  return `${cause(code, signal, lastWords)}${size} ${lost}`;
}

function cause(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  if (/heap out of memory|heap limit/.test(lastWords)) {
    return "The JavaScript heap ran out of memory; work on smaller pieces, or raise the limit with NODE_OPTIONS=--max-old-space-size=8192.";
  }
  if (signal === "SIGKILL") return "The user process was killed (SIGKILL), often by the system when memory runs out.";
  if (signal === "SIGSEGV" || signal === "SIGBUS") return `A native module crashed the user process (${signal}).`;
  if (signal === "SIGABRT") return "The user process aborted (SIGABRT).";
  if (signal) return `The user process was ended by ${signal}.`;
  return `The user process ended with process.exit(${code}).`;
}
