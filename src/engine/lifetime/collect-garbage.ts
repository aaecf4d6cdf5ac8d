import { setFlagsFromString } from "node:v8";
import { createContext, runInNewContext, Script } from "node:vm";

/** V8's own `gc`, which a program has without the user's flag if a context is made while the flag is set. */
function exposedGc(): () => void {
  setFlagsFromString("--expose-gc");
  const gc: () => void = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc"); // contexts that the user makes have no surprise in them
  return gc;
}

const gc = exposedGc();
const checkpoint = new Script("0");
const ownMicrotasks = createContext({}, { microtaskMode: "afterEvaluate" });

/**
 * Collects everything that is unreachable now, in the midst of synchronous code too.
 *
 * A WeakRef keeps its target until the running job ends, and a loop that never awaits is one job. V8 forgets those
 * targets after every microtask checkpoint, also that of a context with its own, empty queue; so no code of the user
 * runs here. Seen on Node 20, 22, 24 and 26.
 */
export function collectGarbage(): void {
  checkpoint.runInContext(ownMicrotasks);
  gc();
}
