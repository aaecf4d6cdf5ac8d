import { spawn } from "node:child_process";
import { once } from "node:events";
import { checkOneOf } from "../../src/core/check.js";
import { OptionError } from "../../src/core/errors.js";
import { checkPolicies, type LineCommand } from "../cells/line-commands.js";

/** How a habit from other kernels is done here. */
const otherWays: Readonly<Record<string, string>> = {
  "!": 'In TypeScript: import { execSync } from "node:child_process"; execSync("ls", { stdio: "inherit" });',
  time: 'In TypeScript: console.time("cell"); ... console.timeEnd("cell");',
  timeit: "In TypeScript: const begun = performance.now(); ... performance.now() - begun",
  pip: "Packages come from npm here: %install NAME.",
  conda: "Packages come from npm here: %install NAME.",
  matplotlib: "Charts need no set-up here: lineChart(...), scatterChart(...), vegaLite({...}).",
  env: "In TypeScript: process.env.NAME",
  cd: 'In TypeScript: process.chdir("FOLDER")',
  run: 'In TypeScript: await import("./FILE.ts")',
};

/** Runs what the first lines of a cell ask for. */
export async function runCommands(commands: readonly LineCommand[], folder: string): Promise<void> {
  for (const { name, words } of commands) {
    if (name === "install") await install(words, folder);
    else if (name === "help") checkHelp(words);
    else if (name === "check") checkOneOf("%check", "its word", words.join(" "), checkPolicies);
    else
      throw new OptionError(
        `${name === "!" ? "!" : `%${name}`}: ${otherWays[name] ?? "there are %help NAME, %install NAME and %check warn, strict or off."}`,
      );
  }
}

/** The supervisor, which has the documentation, shows it. */
function checkHelp(words: readonly string[]): void {
  if (words.length === 1) return;
  throw new OptionError(`%help: expected one name, got ${words.length}. Example: %help fit`);
}

/** Adds packages to the notebook's folder; their install scripts do not run. */
async function install(packages: readonly string[], folder: string): Promise<void> {
  const wrong = packages.find(
    (name) => !/^(@[\w.~-]+\/)?[\w.~-]+(@[\w.^~<>=|*+ -]+)?$/.test(name) || name.startsWith("-"),
  );
  if (packages.length === 0 || wrong !== undefined) {
    const got = wrong === undefined ? "nothing" : JSON.stringify(wrong);
    throw new OptionError(`%install: expected names of npm packages, got ${got}. Example: %install lodash-es`);
  }
  const npm = spawn("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  npm.stdout.pipe(process.stdout, { end: false });
  npm.stderr.pipe(process.stderr, { end: false });
  const [code] = await once(npm, "close");
  if (code !== 0) throw new OptionError(`%install: npm ended with code ${code}; its own message is above.`);
}
