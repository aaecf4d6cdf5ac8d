import { createServer } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { etude } from "./etude.js";

describe("the etude command", () => {
  it("without a word lists its commands", async () => {
    const { code, stdout } = await etude();
    expect(code).toBe(0);
    for (const name of ["lab", "run", "install", "uninstall", "setup", "doctor"])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
  });

  it.each(["lab", "run", "install", "uninstall", "setup", "doctor"])("%s --help says how it is used", async (name) => {
    const { code, stdout } = await etude(name, "--help");
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: etude ${name}`);
  });

  it("tells its version", async () => {
    expect((await etude("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [
      ["labb"],
      'etude labb: "labb" is not a command. Use one of lab, run, install, uninstall, setup, doctor, or etude --help.',
    ],
    [["install", "--user", "--prefix", "x"], "name three different places. Use one of them."],
    [["install", "--nowhere"], "Unknown option '--nowhere'"],
    [["uninstall", "--prefix", "/nonexistent"], "holds no kernel of Etude."],
    [["lab", "/nonexistent"], '"/nonexistent" is not a folder.'],
    [["lab", "--port", "70000"], '--port must be an integer from 1 to 65535, got "70000".'],
    [["run"], "one notebook is needed, got 0."],
    [["run", "/nonexistent.ipynb"], 'cannot read "/nonexistent.ipynb": there is no such file.'],
  ])("refuses %j in one sentence", async (args, sentence) => {
    const { code, stderr } = await etude(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("lab refuses a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await etude("lab", "--no-browser", "--port", String(port));
    server.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`etude lab: port ${port} is taken by another program. Use another --port.\n`);
  });
});
