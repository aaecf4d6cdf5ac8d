import { endOf } from "./end-of.js";

// Answers an EndReader, whose process it ends with.
process.on("message", ({ id, code }: { id: number; code: string }) => process.send!({ id, end: endOf(code) }));
process.on("disconnect", () => process.exit(0));
