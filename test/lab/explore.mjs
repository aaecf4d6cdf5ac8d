// What a person does who explores in an empty notebook: a type error, completion and documentation (also while a cell
// runs), input, Stop, output that comes late.
import { fact } from "./facts.mjs";

/** A notebook with one empty cell, as nbformat has it. */
export const emptyNotebook = {
  cells: [{ cell_type: "code", id: "first", execution_count: null, metadata: {}, outputs: [], source: "" }],
  metadata: { kernelspec: { name: "etude", display_name: "TypeScript (Etude)", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
};

/** @param photograph - Takes a screenshot under a name. */
export async function explore(notebook, photograph) {
  const { page } = notebook;
  const output = (cell, text) => cell.locator(".jp-OutputArea-output", { hasText: text });
  /** Settles when the cell has been sent, not when it has run. */
  const run = async (source) => {
    const cell = await notebook.write(source);
    void notebook.command("notebook:run-cell").catch(() => {}); // a page that is closed
    return cell;
  };
  const stop = () => page.locator('[data-command="notebook:interrupt-kernel"]').first().click();

  const wrong = await run(
    "const sample = { layers: [16, 8], learningRate: 0.1 };\nconst rate: string = sample.learningRat;",
  );
  await output(wrong, "TS2551").waitFor();
  const said = await output(wrong, "TS2551").innerText();
  fact(
    "a type error shows its line and what to do",
    /sample\.learningRat;/.test(said) && /learningRate/.test(said),
    said,
  );
  for (const theme of ["Dark", "Light"]) {
    await notebook.theme(theme);
    await photograph(`type-error-${theme.toLowerCase()}`);
  }

  const popup = page.locator(".jp-Completer:visible");
  const complete = async (source, when) => {
    await notebook.write(source);
    await page.keyboard.press("Tab");
    await popup.waitFor({ timeout: 15_000 });
    const items = await popup.locator(".jp-Completer-item").allInnerTexts();
    fact(
      `Tab offers members with their kinds ${when}`,
      items.length === 2 && items.every((text) => /learningRate|layers/.test(text)),
      items.join("; "),
    );
    await photograph(`completion-${when.replaceAll(" ", "-")}`);
    await page.keyboard.press("Escape");
  };
  const explain = async (source, text, when) => {
    await notebook.write(source);
    await page.keyboard.press("Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip", { hasText: text });
    await tooltip.waitFor({ timeout: 15_000 });
    fact(`Shift-Tab explains ${when}`, true);
    await photograph(`documentation-${when.replaceAll(" ", "-")}`);
    await page.keyboard.press("Escape");
  };
  await complete("sample.l", "while nothing runs");
  await explain("fit", "Trains", "while nothing runs");

  const loop = await run("for (;;) {}");
  await notebook.is("busy");
  await complete("sample.l", "while a cell runs");
  await explain("fit", "Trains", "while a cell runs");
  await stop();
  await output(loop, "Interrupted").waitFor();
  fact("Stop ends the loop", true);

  const asks = await run('console.log("Hello " + (await input("Your name? ")))');
  await asks.locator(".jp-Stdin-input").fill("Ada");
  await asks.locator(".jp-Stdin-input").press("Enter");
  await output(asks, "Hello Ada").waitFor();
  fact("input asks under its cell and gets the answer", true);
  await photograph("input");
  const waits = await run('await input("Never answered? ")');
  await waits.locator(".jp-Stdin-input").waitFor();
  await stop();
  await output(waits, "Interrupted").waitFor();
  fact("Stop ends a wait for input", true);

  const early = await run('setTimeout(() => console.log("from the first"), 500); 1');
  const later = await run('await new Promise((end) => setTimeout(end, 1000)); console.log("from the second")');
  await output(later, "from the second").waitFor();
  const home = Number(process.versions.node.split(".")[0]) >= 24 ? early : later;
  fact("late output appears where the README says", (await output(home, "from the first").count()) === 1);
}
