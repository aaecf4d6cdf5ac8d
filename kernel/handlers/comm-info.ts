import { commInfo } from "../protocol/comm.js";
import { handle } from "./handle.js";

/** No target is registered yet, so no comm is ever open: see `comm_open` in the request server. */
export const handleCommInfo = handle(commInfo, () => ({ status: "ok", comms: {} }));
