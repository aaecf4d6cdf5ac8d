import { describe, expect, it } from "@jest/globals";
import { searchedFolders, userDataFolder } from "../../kernel/commands/jupyter-paths.js";

// Expected values: jupyter_core 5.9.1 `paths.py`, jupyter_data_dir() and jupyter_path().
const linux = { platform: "linux", home: "/home/ada" } as const;

describe("the person's Jupyter data folder", () => {
  it.each([
    [{ ...linux, env: {} }, "/home/ada/.local/share/jupyter"],
    [{ ...linux, env: { XDG_DATA_HOME: "/data" } }, "/data/jupyter"],
    [{ ...linux, env: { XDG_DATA_HOME: "/data", JUPYTER_DATA_DIR: "/mine" } }, "/mine"],
    [{ platform: "darwin" as const, home: "/Users/ada", env: {} }, "/Users/ada/Library/Jupyter"],
    [{ platform: "win32" as const, home: "/Users/ada", env: { APPDATA: "/Roaming" } }, "/Roaming/jupyter"],
    [{ platform: "win32" as const, home: "/Users/ada", env: {} }, "/Users/ada/.jupyter/data"],
  ])("of %j is %s", (machine, folder) => {
    expect(userDataFolder(machine)).toBe(folder);
  });
});

describe("the folders that Jupyter searches", () => {
  it("are JUPYTER_PATH, the active environment, the person's own and the system's, in this order", () => {
    const env = { JUPYTER_PATH: "/one:/two", VIRTUAL_ENV: "/venv" };
    expect(searchedFolders({ ...linux, env })).toEqual([
      "/one",
      "/two",
      "/venv/share/jupyter",
      "/home/ada/.local/share/jupyter",
      "/usr/local/share/jupyter",
      "/usr/share/jupyter",
    ]);
  });
});
