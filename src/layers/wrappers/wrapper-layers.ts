import "./bidirectional.js";
import "./recurrent.js";
import "./time-distributed.js";
import { lambda } from "./lambda.js";
import { subtract } from "./subtract.js";

/** This room's share of {@link layers}: factories by name. */
export const wrapperLayers = { lambda, subtract };
