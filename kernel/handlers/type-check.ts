import { setTimeout as delay } from "node:timers/promises";
import { type CheckPolicy, checkPolicies, splitCommands } from "../cells/line-commands.js";
import { diagnosticsReport } from "../display/diagnostics-report.js";
import type { CellCheck } from "../execution/execution.js";
import type { Diagnostic, Language } from "../language/language.js";
import type { ExecuteRequest } from "../protocol/execute.js";

/** A cell's end waits so long for what TypeScript says of it, once TypeScript is up. */
const patienceMs = 3000;
/** `strict` waits so long, then lets the cell run: a type checker that hangs must not keep anybody from working. */
const strictPatienceMs = 10_000;

/** Where the policy comes from, the first that has a say first; a cell has the last word with `%check`. */
export interface PolicySources {
  /** `metadata.etude.check`. */
  readonly notebook?: unknown;
  /** ETUDE_CHECK, which a kernelspec can set. */
  readonly environment?: string | undefined;
}

/**
 * Type-checks cells. `warn` runs a cell at once and shows what is found beside it; `strict` does not run a cell with an
 * error; `off` does not look.
 */
export class TypeCheck {
  #policy: CheckPolicy | undefined;
  #ready: Language | undefined;
  /** What the person at the notebook has to know, told with the next cell. */
  readonly #notes: string[] = [];
  #toldAbsent = false;

  /** @param sources - Asked once, by the first cell or when TypeScript starts: a notebook can be large. */
  constructor(
    private readonly language: Promise<Language>,
    private readonly log: (reason: string) => void,
    private readonly sources: () => PolicySources,
  ) {
    void language.then((ready) => {
      this.#ready = ready;
      this.#policy ??= this.#startingPolicy();
    });
  }

  of({ code: source, silent = false }: ExecuteRequest): CellCheck {
    const { commands, code } = splitCommands(source);
    const asked = commands.find(({ name }) => name === "check")?.words[0];
    this.#policy ??= this.#startingPolicy();
    this.#policy = checkPolicies.find((word) => word === asked) ?? this.#policy;
    const notes = silent ? [] : this.#takeNotes();
    const tellNotes: CellCheck["remarks"] = (_, tell) => {
      for (const note of notes) tell(`${note}\n`);
    };
    // Numbers and operators alone hold no type error.
    if (this.#policy === "off" || !/[\p{L}_$"'`]/u.test(code)) return { remarks: tellNotes };
    const installs = commands.some(({ name }) => name === "install");
    const errors = (name: string) => this.#errors(code, name, installs);
    if (this.#policy === "strict") return { remarks: tellNotes, gate: (name) => gate(errors(name), code, name) };
    let checked: Promise<void> = Promise.resolve();
    return {
      remarks: (name, tell) => {
        tellNotes(name, tell);
        checked = errors(name).then((found) => {
          if (found.length > 0) tell(`${diagnosticsReport(found, code, name).join("\n")}\n`);
        });
      },
      settled: () => (this.#ready?.state === "ready" ? Promise.race([checked, delay(patienceMs)]) : Promise.resolve()),
    };
  }

  async #errors(code: string, name: string, installs: boolean): Promise<readonly Diagnostic[]> {
    const diagnostics = await (await this.language).check({ id: name, name, code });
    return diagnostics.filter((found) => found.category === "error" && !isToldByRun(found, code, installs));
  }

  #startingPolicy(): CheckPolicy {
    const { notebook, environment } = this.sources();
    const inNotebook = this.#policyIn("metadata.etude.check of the notebook", notebook);
    return inNotebook ?? this.#policyIn("ETUDE_CHECK", environment) ?? "warn";
  }

  #policyIn(place: string, word: unknown): CheckPolicy | undefined {
    const policy = checkPolicies.find((each) => each === word);
    if (policy === undefined && word !== undefined) {
      const words = checkPolicies.map((each) => JSON.stringify(each)).join(", ");
      this.#note(`${place} must be one of ${words}, got ${JSON.stringify(word)}. It is ignored.`);
    }
    return policy;
  }

  #takeNotes(): string[] {
    if (this.#ready?.state === "absent" && this.#ready.reason !== undefined && !this.#toldAbsent) {
      this.#toldAbsent = true;
      this.#note(this.#ready.reason);
    }
    return this.#notes.splice(0);
  }

  #note(sentence: string): void {
    this.log(sentence);
    this.#notes.push(sentence);
  }
}

async function gate(found: Promise<readonly Diagnostic[]>, code: string, name: string) {
  const errors = await Promise.race([found, delay(strictPatienceMs, [])]);
  const [first] = errors;
  if (!first) return undefined;
  const traceback = [...diagnosticsReport(errors, code, name), "", "The cell did not run (%check strict)."];
  return { ename: `TS${first.code}`, evalue: first.message, traceback };
}

const missingModule = 2307;

/** Syntax errors and missing modules: the run itself says these, with a better advice, unless only types are imported. */
function isToldByRun({ code, line }: Diagnostic, source: string, installs: boolean): boolean {
  if (code !== missingModule) return code < 2000;
  const above = source.split(/\r?\n/).slice(0, line).join("\n");
  return installs || !/^import\s+type\b/.test(above.slice(above.lastIndexOf("import")));
}
