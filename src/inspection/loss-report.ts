import { escapeHtml } from "../core/table.js";
import { type CheckLossOptions, type LossCheck, lossChecks } from "../losses/check-loss.js";
import type { LossFunction } from "../losses/loss.js";
import { type Displayable, displaySymbol, type MimeBundle } from "../output/mime.js";

/** What {@link checkLoss} found. */
export class LossReport implements Displayable {
  constructor(readonly checks: readonly LossCheck[]) {}

  /** Whether nothing is wrong. */
  get passed(): boolean {
    return this.checks.every(({ passed }) => passed);
  }

  [displaySymbol](): MimeBundle {
    const lines = this.checks.map(({ name, passed, says }) => [passed ? "passed" : "FAILED", name, says] as const);
    const row = (line: readonly string[]) =>
      `<tr>${line.map((text) => `<td style="text-align:left">${escapeHtml(text)}</td>`).join("")}</tr>`;
    return {
      "text/plain": lines.map(([passed, name, says]) => `${passed} ${name}: ${says}`).join("\n"),
      "text/html": `<table>${lines.map(row).join("")}</table>`,
    };
  }
}

/**
 * Tries a loss as training would use it, before anything is trained with it: its result, its gradient beside finite differences,
 * whether it falls along that, its scale, and extreme outputs.
 *
 * @param loss - A loss of `losses`, or any function of `(yTrue, yPred)`.
 * @throws OptionError if `loss` is no function, or only one of `yTrue` and `yPred` is passed.
 *
 * @example
 * checkLoss((yTrue, yPred) => yTrue.sub(yPred).abs().mean());
 */
export function checkLoss(loss: LossFunction, options?: CheckLossOptions): LossReport {
  return new LossReport(lossChecks(loss, options));
}
