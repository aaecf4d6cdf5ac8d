import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { Language } from "../../kernel/language/language.js";
import { libraryTypes, Session, serversIn } from "./session.js";

describe("the TypeScript process", () => {
  const session = new Session();
  afterAll(() => session.end());

  it("answers questions about code while a cell is being checked", async () => {
    await session.run("const kept = { alpha: 1 }; interface Kept { beta: number }");
    const checks = [1, 2, 3].map((n) => session.run(`const n${n}: number = kept.alpha; n${n}.toFixed()`));
    expect(await session.complete("kept.")).toEqual(["alpha"]);
    expect((await Promise.all(checks)).flat()).toEqual([]);
    expect(await session.run("n1 + n2 + n3 + missing")).toEqual(["2304 1:16 Cannot find name 'missing'."]);
  });

  it("may end at any moment: questions stay without an answer, and the next process knows every cell", async () => {
    for (const round of [1, 2]) {
      const [pid] = await serversIn(session.folder);
      const asked = [session.complete("kept."), session.inspect("kept"), session.run("kept.alpha")];
      process.kill(pid!, "SIGKILL");
      expect(await Promise.all(asked)).toEqual([undefined, undefined, []]);
      session.language.commit({ id: "meanwhile", code: `const round${round} = "a"`, name: "Cell[9]" });
      expect(await session.language.available()).toBe(true);
      expect(await session.complete("kept.")).toEqual(["alpha"]);
      expect(await session.run(`const again: Kept = { beta: 'a' }; round${round}.toUpperCase()`)).toEqual([
        "2322 1:23 Type 'string' is not assignable to type 'number'.",
      ]);
    }
  });

  it("is gone after dispose, and nothing is asked of it any more", async () => {
    const ended = new Session();
    await ended.language.available();
    expect(await serversIn(ended.folder)).toHaveLength(1);
    const pending = ended.complete("tf.");
    await ended.language.dispose();
    expect(await serversIn(ended.folder)).toEqual([]);
    expect(ended.language.state).toBe("absent");
    expect([await pending, await ended.complete("tf."), await ended.run("missing")]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    rmSync(ended.folder, { recursive: true });
  });

  it("does not outlive its parent", async () => {
    const folder = mkdtempSync(join(tmpdir(), "etude-language-"));
    const built = new URL("../../dist/kernel/language/language.js", import.meta.url).href;
    const program = `import { Language } from ${JSON.stringify(built)};
      const language = new Language(${JSON.stringify({ folder, libraryTypes })});
      language.start();
      await language.available();
      console.log("ready");
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(parent.stdout, "data");
    const [server] = await serversIn(folder);
    expect(server).toBeGreaterThan(0);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    const deadline = Date.now() + 2_000;
    while ((await serversIn(folder)).length > 0 && Date.now() < deadline);
    expect(await serversIn(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it("may be absent: everything goes on without types, and the reason is a sentence", async () => {
    const language = new Language({ folder: "/no/such/folder", libraryTypes });
    language.start();
    expect(await language.available()).toBe(false);
    expect(language.state).toBe("absent");
    expect(language.reason).toMatch(/^There are no types: TypeScript cannot start \(.+\)\. Reinstall etude-ml/);
    const cell = { id: "a", code: "missing", name: "Cell[1]" };
    language.commit(cell);
    expect(await language.check(cell)).toEqual([]);
    expect(await language.complete("mis", 3)).toBeUndefined();
    expect(await language.inspect("mis", 3, 1)).toBeUndefined();
    await language.dispose();
  });
});
