import { afterEach, describe, expect, it } from "@jest/globals";
import { TestKernel } from "./kernel.js";

let kernel: TestKernel;
afterEach(() => kernel.stop());

async function startWith(metadata: object, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const notebook = JSON.stringify({ cells: [], metadata, nbformat: 4, nbformat_minor: 5 });
  // Relative, because the folder is not known before the kernel has one; Jupyter gives an absolute path.
  const options = { files: { "a.ipynb": notebook }, env: { JPY_SESSION_NAME: "a.ipynb", ...env } };
  kernel = await TestKernel.start(options);
}

const wrong = 'const n: number = "text"; n';

describe("the check policy", () => {
  it("is that of the notebook's metadata, before that of the environment", async () => {
    await startWith({ etude: { check: "strict" } }, { ETUDE_CHECK: "off" });
    expect((await kernel.run(wrong)).errors[0]!.ename).toBe("TS2322");
  });

  it("is that of a cell before all, from then on", async () => {
    await startWith({ etude: { check: "strict" } });
    expect((await kernel.run(`%check off\n${wrong}`)).result).toBe("'text'");
    expect((await kernel.run(wrong)).stderr).toBe("");
  });

  it("is that of the environment where the notebook has none", async () => {
    await startWith({}, { ETUDE_CHECK: "strict" });
    expect((await kernel.run(wrong)).errors[0]!.ename).toBe("TS2322");
  });

  it("that is no policy is told with the first cell and ignored", async () => {
    await startWith({ etude: { check: "loud" } }, { ETUDE_CHECK: "off" });
    const { result, stderr } = await kernel.run(wrong);
    expect(result).toBe("'text'");
    expect(stderr).toBe(
      'metadata.etude.check of the notebook must be one of "warn", "strict", "off", got "loud". It is ignored.\n',
    );
    expect((await kernel.run(wrong)).stderr).toBe("");
  });

  it("of a notebook that is no JSON is the usual one, without a word in the cell", async () => {
    kernel = await TestKernel.start({ files: { "a.ipynb": "{" }, env: { JPY_SESSION_NAME: "a.ipynb" } });
    expect((await kernel.run("1 + 1")).stderr).toBe("");
    expect((await kernel.run(`%check strict\n${wrong}`)).errors[0]!.ename).toBe("TS2322");
  });
});
