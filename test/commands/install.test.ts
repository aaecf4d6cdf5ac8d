import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readKernelspec, removeKernelspec, writeKernelspec } from "../../kernel/commands/kernelspec.js";

describe("the kernelspec", () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), "etude-test-"));
  });
  afterEach(() => rm(data, { recursive: true }));

  it("stands in kernels/etude with its three logos", async () => {
    const folder = await writeKernelspec(data);
    expect(folder).toBe(join(data, "kernels", "etude"));
    expect((await readdir(folder)).sort()).toEqual(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
  });

  it("names this Node and the built kernel by absolute paths", async () => {
    const spec = await readKernelspec(await writeKernelspec(data));
    const [node, program, connectionFile] = spec!.argv;
    expect(node).toBe(process.execPath);
    expect(isAbsolute(program!)).toBe(true);
    expect(program).toMatch(/dist[\\/]kernel[\\/]main\.js$/);
    expect(connectionFile).toBe("{connection_file}");
  });

  it("asks to be interrupted by a message and speaks protocol 5.5", async () => {
    const folder = await writeKernelspec(data, { name: "mine", displayName: "Mine" });
    const spec: unknown = JSON.parse(await readFile(join(folder, "kernel.json"), "utf8"));
    expect(spec).toMatchObject({
      display_name: "Mine",
      language: "typescript",
      interrupt_mode: "message",
      kernel_protocol_version: "5.5",
      metadata: { debugger: false, supported_encryption: ["curve"] },
    });
  });

  it.each([32, 64])("has a logo of %i pixels", async (size) => {
    const folder = await writeKernelspec(data);
    const png = await readFile(join(folder, `logo-${size}x${size}.png`));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]); // IHDR: width, height
  });

  it("is written again over an earlier one", async () => {
    await writeKernelspec(data, { displayName: "Earlier" });
    expect((await readKernelspec(await writeKernelspec(data)))!.display_name).toBe("TypeScript (Etude)");
  });

  it("is gone after removal", async () => {
    const folder = await writeKernelspec(data);
    expect(await removeKernelspec(data)).toBe(folder);
    await expect(stat(folder)).rejects.toThrow("ENOENT");
  });

  it("never replaces or removes the kernel of another program", async () => {
    const folder = join(data, "kernels", "python3");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "kernel.json"), '{"argv": ["python", "-m", "ipykernel"], "display_name": "Python 3"}');
    await expect(writeKernelspec(data, { name: "python3" })).rejects.toThrow('holds another kernel, "Python 3"');
    await expect(removeKernelspec(data, "python3")).rejects.toThrow("holds no kernel of Etude");
    expect((await readKernelspec(folder))!.display_name).toBe("Python 3");
  });

  it.each(["", "..", "a/b", "a b"])("cannot be named %j", async (name) => {
    await expect(writeKernelspec(data, { name })).rejects.toThrow("--name must be letters");
  });

  it("in a folder that cannot be written is one sentence", async () => {
    const file = join(data, "file");
    await writeFile(file, "");
    await expect(writeKernelspec(file)).rejects.toThrow(/cannot be written \(ENOTDIR\)\. Use --prefix/);
  });
});
