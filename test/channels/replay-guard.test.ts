import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { ReplayGuard } from "../../kernel/channels/replay-guard.js";

const signature = (n: number) => createHash("sha256").update(String(n)).digest("hex");

describe("the replay guard", () => {
  it("admits a signature once", () => {
    const guard = new ReplayGuard();
    expect(guard.admit(signature(1))).toBe(true);
    expect(guard.admit(signature(2))).toBe(true);
    expect(guard.admit(signature(1))).toBe(false);
  });

  it("still knows a message after 100,000 others", () => {
    const guard = new ReplayGuard();
    guard.admit(signature(0));
    for (let n = 1; n <= 100_000; n++) guard.admit(signature(n));
    expect(guard.admit(signature(0))).toBe(false);
  });
});
