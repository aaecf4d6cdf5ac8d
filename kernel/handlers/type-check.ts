import { setTimeout as delay } from "node:timers/promises";
import { type CheckPolicy, checkPolicies, splitCommands } from "../cells/line-commands.js";
import { diagnosticsReport } from "../display/diagnostics-report.js";
import type { CellCheck } from "../execution/execution.js";
import type { Diagnostic, Language } from "../language/language.js";

/** A cell's end waits so long for what TypeScript says of it, once TypeScript is up. */
const patienceMs = 1000;
/** `strict` waits so long, then lets the cell run: a type checker that hangs must not keep anybody from working. */
const strictPatienceMs = 10_000;

/**
 * Type-checks cells. `warn` runs a cell at once and shows what is found beside it; `strict` does not run a cell with an
 * error; `off` does not look. The environment variable ETUDE_CHECK says which, and `%check` in a cell changes it.
 */
export class TypeCheck {
  #policy: CheckPolicy;
  #ready: Language | undefined;

  constructor(
    private readonly language: Promise<Language>,
    log: (reason: string) => void,
  ) {
    const asked = process.env.ETUDE_CHECK ?? "warn";
    const policy = checkPolicies.find((word) => word === asked);
    if (!policy)
      log(`ETUDE_CHECK must be one of ${checkPolicies.join(", ")}, got ${JSON.stringify(asked)}: using warn`);
    this.#policy = policy ?? "warn";
    void language.then((ready) => {
      this.#ready = ready;
    });
  }

  of(source: string): CellCheck {
    const { commands, code } = splitCommands(source);
    const asked = commands.find(({ name }) => name === "check")?.words[0];
    this.#policy = checkPolicies.find((word) => word === asked) ?? this.#policy;
    // Numbers and operators alone hold no type error.
    if (this.#policy === "off" || !/[\p{L}_$"'`]/u.test(code)) return {};
    if (this.#policy === "strict") return { gate: (name) => this.#gate(code, name) };
    let checked: Promise<void> = Promise.resolve();
    return {
      remarks: (name, tell) => {
        checked = this.#errors(code, name).then((errors) => {
          if (errors.length > 0) tell(`${diagnosticsReport(errors, code, name).join("\n")}\n`);
        });
      },
      settled: () => (this.#ready?.state === "ready" ? Promise.race([checked, delay(patienceMs)]) : Promise.resolve()),
    };
  }

  async #gate(code: string, name: string) {
    const errors = await Promise.race([this.#errors(code, name), delay(strictPatienceMs, [])]);
    const [first] = errors;
    if (!first) return undefined;
    const traceback = [...diagnosticsReport(errors, code, name), "", "The cell did not run (%check strict)."];
    return { ename: `TS${first.code}`, evalue: first.message, traceback };
  }

  async #errors(code: string, name: string): Promise<readonly Diagnostic[]> {
    const diagnostics = await (await this.language).check({ id: name, name, code });
    return diagnostics.filter(({ category, code }) => category === "error" && !isToldByRun(code));
  }
}

/** Syntax errors and missing modules: the run itself says these, with a better advice. */
function isToldByRun(code: number): boolean {
  return code < 2000 || code === 2307;
}
