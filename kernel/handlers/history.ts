import { type HistoryReply, history } from "../protocol/history.js";
import { handle } from "./handle.js";

export const handleHistory = handle(
  history,
  async (request, context): Promise<HistoryReply> => ({ status: "ok", history: await context.history.find(request) }),
);
