import { execute } from "../protocol/execute.js";
import { handle } from "./handle.js";

export const handleExecute = handle(execute, (_, { execution }, message) => execution.run(message));
