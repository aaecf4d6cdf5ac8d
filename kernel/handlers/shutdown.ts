import { shutdown } from "../protocol/lifecycle.js";
import { handle } from "./handle.js";

export const handleShutdown = handle(shutdown, ({ restart = false }, { shutDown }) => {
  shutDown();
  return { status: "ok", restart } as const;
});
