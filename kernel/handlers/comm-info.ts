import { commInfo } from "../protocol/comm.js";
import { handle } from "./handle.js";

export const handleCommInfo = handle(commInfo, ({ target_name }, { execution }) => ({
  status: "ok",
  comms: execution.comms.info(target_name),
}));
