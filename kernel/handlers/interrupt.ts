import { interrupt } from "../protocol/lifecycle.js";
import { handle } from "./handle.js";

export const handleInterrupt = handle(interrupt, (_, { execution }) => {
  execution.interrupt();
  return { status: "ok" } as const;
});
