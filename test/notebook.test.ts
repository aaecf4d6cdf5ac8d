import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { notebookPath } from "../kernel/notebook-path.js";
import { notebookSettings } from "../kernel/notebook-settings.js";

const folder = mkdtempSync(join(tmpdir(), "etude-notebook-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the path of the notebook", () => {
  // jupyter_server 2.21.1, sessionmanager.py, get_kernel_env: the folder on disk and the name, or the server's own path.
  it.each([
    ["/home/me/work/a.ipynb", "/home/me/work/a.ipynb"],
    ["work/a.ipynb", resolve("a.ipynb")],
    ["RTC:work/a.ipynb", resolve("a.ipynb")],
    ["/home/me/work/Console 1", undefined],
    ["work/console-1-8b2f", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s is %s", (name, path) => {
    expect(notebookPath({ JPY_SESSION_NAME: name })).toBe(path);
  });
});

describe("the settings of a notebook", () => {
  it.each([
    ["are those of metadata.etude", '{ "metadata": { "etude": { "check": "strict" } } }', { check: "strict" }, 0],
    ["are none without that", '{ "metadata": {} }', {}, 0],
    ["are none in a file that is no notebook", "[]", {}, 0],
    ["are none where they are no object", '{ "metadata": { "etude": "strict" } }', {}, 0],
    ["are none in a file that is not JSON, which the log says", "{", {}, 1],
  ])("%s", (_, text, settings, nLogged) => {
    const path = join(folder, "a.ipynb");
    writeFileSync(path, text);
    const logged: string[] = [];
    expect(notebookSettings(path, (reason) => logged.push(reason))).toEqual(settings);
    expect(logged).toHaveLength(nLogged);
  });

  it("are none without a notebook, or when it is gone", () => {
    const logged: string[] = [];
    expect(notebookSettings(undefined, (reason) => logged.push(reason))).toEqual({});
    expect(logged).toEqual([]);
    expect(notebookSettings(join(folder, "gone.ipynb"), (reason) => logged.push(reason))).toEqual({});
    expect(logged[0]).toMatch(/^the settings of the notebook cannot be read: ENOENT/);
  });
});
