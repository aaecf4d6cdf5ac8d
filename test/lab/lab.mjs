// JupyterLab as `etude lab` starts it, with settings of its own, and a page of Chromium that shows a notebook in it.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet];

/** Starts `etude lab` on `folder` and settles with its process and the address that it prints. */
export async function startLab(etude, folder, scratch) {
  const config = join(scratch, "config");
  const settings = join(scratch, "settings");
  writeJson(join(config, "jupyter_lab_config.json"), {
    LabApp: { expose_app_in_browser: true, news_url: "", extension_manager: "readonly" },
  });
  writeJson(join(settings, "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings"), {
    fetchNews: "false",
  });
  // Every cell stays in the page, seen or not.
  writeJson(join(settings, "@jupyterlab", "notebook-extension", "tracker.jupyterlab-settings"), {
    windowingMode: "none",
  });
  const env = {
    ...process.env,
    JUPYTER_CONFIG_DIR: config,
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: join(scratch, "workspaces"),
  };
  const child = spawn(process.execPath, [etude, "lab", "--no-browser", folder], { env });
  child.stderr.pipe(process.stderr);
  let said = "";
  const address = new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const url = /http:\S+\?token=\S+/.exec(said)?.[0];
      if (url) resolve(new URL(url));
    });
    child.once("exit", (code) => reject(new Error(`etude lab ended with ${code}: ${said}`)));
  });
  return { child, address: await address };
}

/** Opens the notebook at `path` in a new browser; the kernel is idle when this settles. */
export async function openNotebook(address, path) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${address.origin}/lab/tree/${path}${address.search}&reset`);
  const notebook = new NotebookPage(page);
  await notebook.opened();
  return { browser, notebook };
}

/** What a person does with an open notebook. */
export class NotebookPage {
  constructor(page) {
    this.page = page;
    this.cells = page.locator(".jp-Notebook .jp-Cell");
  }

  /** Settles when the page shows the notebook and the kernel is idle. */
  async opened() {
    await this.cells.first().waitFor();
    // Before this a run asks "Select Kernel".
    await this.page.evaluate(async () => {
      const panel = window.jupyterapp.shell.currentWidget;
      await panel.context.ready;
      await panel.sessionContext.ready;
    });
    await this.is("idle");
  }

  /** Settles when the kernel's indicator shows `status`. */
  is(status, timeout = 60_000) {
    return this.page.locator(`.jp-Notebook-ExecutionIndicator[data-status="${status}"]`).waitFor({ timeout });
  }

  command(id, args = {}) {
    return this.page.evaluate(([id, args]) => window.jupyterapp.commands.execute(id, args), [id, args]);
  }

  /**
   * Charts are drawn anew as well, which JupyterLab does when it opens a notebook.
   * @param name - `"Light"` or `"Dark"`.
   */
  async theme(name) {
    await this.command("apputils:change-theme", { theme: `JupyterLab ${name}` });
    await this.page.locator(`body[data-jp-theme-name="JupyterLab ${name}"]`).waitFor({ state: "attached" });
    await this.command("docmanager:save");
    await this.page.reload();
    await this.opened();
    await this.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  /** Adds a cell at the end, types `source` into it and leaves the cursor there. */
  async write(source) {
    const before = await this.cells.count();
    await this.cells.last().scrollIntoViewIfNeeded();
    await this.cells.last().click();
    await this.command("notebook:insert-cell-below");
    const cell = this.cells.nth(before);
    await cell.waitFor();
    await this.command("notebook:enter-edit-mode");
    await cell.locator(".cm-content").click();
    await this.page.keyboard.insertText(source);
    await this.page.waitForFunction(
      ([index, lines]) => {
        const text = document.querySelectorAll(".jp-Notebook .jp-Cell")[index]?.textContent;
        return lines.every((line) => text?.includes(line));
      },
      [before, source.split("\n")],
    );
    return cell;
  }

  /** The last number in the brackets beside a cell that has run. */
  async executionCount(cell) {
    return Number(/\d+/.exec(await cell.locator(".jp-InputPrompt").textContent())?.[0] ?? 0);
  }
}

function writeJson(path, value) {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
}
