import { usage } from "../protocol/usage.js";
import { handle } from "./handle.js";

/** Polled by front ends. Its states would make a running cell look idle, as front ends take them for the cell's. */
export const handleUsage = { ...handle(usage, (_, context) => context.usage.measure()), isQuiet: true };
