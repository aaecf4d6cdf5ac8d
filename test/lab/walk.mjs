// Walks JupyterLab as a person would. In each tutorial: run all, watch the chart while it trains, both themes. In the first one
// then: Stop, go on, train again, complete with Tab, leave; in an empty one: explore. Usage: node walk.mjs SCRATCH; env: CHROMIUM, a JupyterLab to be found.
// Prints a line for each fact: "ok" or "FAIL". Screenshots are in SCRATCH/screenshots.
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyNotebook, explore } from "./explore.mjs";
import { fact } from "./facts.mjs";
import { openNotebook, startLab } from "./lab.mjs";

const root = resolve(fileURLToPath(import.meta.url), "..", "..", "..");
const scratch = resolve(process.argv[2]);
const shots = join(scratch, "screenshots");
const tutorials = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));

rmSync(scratch, { recursive: true, force: true });
mkdirSync(shots, { recursive: true });
mkdirSync(join(scratch, "notebooks"));
for (const name of tutorials) cpSync(join(root, "notebooks", name), join(scratch, "notebooks", name));
writeFileSync(join(scratch, "notebooks", "explore.ipynb"), JSON.stringify(emptyNotebook));

const lab = await startLab(join(root, "dist", "kernel", "commands", "etude.js"), join(scratch, "notebooks"), scratch);
let browser;
try {
  for (const [index, name] of tutorials.entries()) {
    const opened = await openNotebook(lab.address, name);
    browser = opened.browser;
    await runAll(opened.notebook, name.slice(0, 2));
    if (index === 0) await walk(opened.notebook);
    await browser.close();
  }
  const empty = await openNotebook(lab.address, "explore.ipynb");
  browser = empty.browser;
  await explore(empty.notebook, (shot) => empty.notebook.page.screenshot({ path: join(shots, `explore-${shot}.png`) }));
} catch (error) {
  fact("the walk comes to its end", false, String(error));
} finally {
  await browser?.close();
  const ended = once(lab.child, "exit");
  lab.child.kill("SIGINT");
  const [code] = await ended;
  fact("Ctrl-C ends JupyterLab", code === 0, `exit code ${code}`);
  const answers = await fetch(lab.address).then(
    () => true,
    () => false,
  );
  fact("and nothing serves any more", !answers);
}

async function runAll(notebook, number) {
  const { page } = notebook;
  const charts = page.locator(".jp-RenderedVegaCommon5");
  const says = (what, holds, detail) => fact(`notebook ${number}: ${what}`, holds, detail);

  await collectPictures(page);
  await notebook.command("notebook:run-all-cells");
  await notebook.is("idle", 240_000);
  says("run all gives every code cell its number", (await lastCount(notebook)) === (await codeCells(page)));
  const pictures = await page.evaluate(() => window.pictures.size);
  says("the training chart changes while it trains", pictures >= 3, `${pictures} pictures`);
  says("no cell shows an error", (await errors(page)) === 0);
  says("charts are drawn", (await charts.count()) >= 3, `${await charts.count()} charts`);

  for (const theme of ["Dark", "Light"]) {
    await notebook.theme(theme);
    await photograph(notebook, `${number}-${theme.toLowerCase()}`);
  }
}

async function walk(notebook) {
  const { page } = notebook;
  const training = page.locator(".jp-CodeCell").filter({ hasText: "await fit(" }).first();

  const loop = await notebook.write("while (true) {}");
  void notebook.command("notebook:run-cell");
  await notebook.is("busy");
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  const stopped = await notebook.is("idle", 10_000).then(
    () => true,
    () => false,
  );
  fact("Stop ends an endless loop", stopped);
  await loop.locator(".jp-OutputArea-output").first().waitFor();

  const next = await notebook.write("40 + 2");
  await notebook.command("notebook:run-cell");
  await next.locator(".jp-OutputArea-output", { hasText: "42" }).waitFor();
  fact("the next cell runs", true);
  const kept = await notebook.write("train.nRows");
  await notebook.command("notebook:run-cell");
  await kept.locator(".jp-OutputArea-output", { hasText: /^\d+$/ }).waitFor();
  fact("and what earlier cells made is still there", true);

  const before = await notebook.executionCount(training);
  await training.locator(".jp-InputPrompt").click();
  await notebook.command("notebook:run-cell");
  await notebook.is("idle", 120_000);
  const again = await notebook.executionCount(training);
  fact("the training cell runs again", again > before, `[${before}] then [${again}]`);
  fact("and draws its chart", (await training.locator(".jp-RenderedVegaCommon5").count()) > 0);
  await training.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(shots, "trained-again.png") });

  await notebook.write("Math.flo");
  await page.keyboard.press("Tab");
  const completed = page.locator(".jp-Completer:visible, .cm-content:focus:has-text('Math.floor')").first();
  await completed.waitFor({ timeout: 15_000 });
  fact("Tab completes", true);
  await page.screenshot({ path: join(shots, "completion.png") });
}

/** From now on the page keeps every different picture of the chart under the cell that trains. */
async function collectPictures(page) {
  await page.evaluate(() => {
    window.pictures = new Set();
    const look = () => {
      const cell = [...document.querySelectorAll(".jp-CodeCell")].find((cell) =>
        cell.textContent.includes("await fit("),
      );
      const chart = cell?.querySelector(".jp-RenderedVegaCommon5 canvas, .jp-RenderedVegaCommon5 svg");
      if (chart) window.pictures.add(chart.toDataURL?.() ?? chart.outerHTML);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

/** A screenshot of each screenful, from the top to the end. */
async function photograph({ page, cells }, theme) {
  const count = await cells.count();
  for (let i = 0; i < count; i += 4) {
    await cells.nth(i).scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(shots, `${theme}-${String(i).padStart(2, "0")}.png`) });
  }
}

function codeCells(page) {
  return page.locator(".jp-Notebook .jp-CodeCell").count();
}

async function lastCount(notebook) {
  return notebook.executionCount(notebook.page.locator(".jp-Notebook .jp-CodeCell").last());
}

function errors(page) {
  const kinds = ["application/vnd.jupyter.error", "application/vnd.jupyter.stderr"];
  return page.locator(kinds.map((kind) => `.jp-OutputArea-output[data-mime-type="${kind}"]`).join(", ")).count();
}
