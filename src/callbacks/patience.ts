import { checkNumber, show } from "../core/check.js";
import { checkNames } from "../core/check-options.js";
import { OptionError } from "../core/errors.js";

/** How long to wait: a number of epochs, `{ steps: 500 }` or `{ seconds: 60 }`. */
export type Patience = number | { readonly steps: number } | { readonly seconds: number };

/** How far a run is, in each unit that patience has. */
export interface Progress {
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
}

/** A {@link Patience} that was checked. */
export class CheckedPatience {
  readonly unit: keyof Progress;
  private readonly limit: number;

  constructor(where: string, patience: Patience) {
    if (typeof patience === "number") {
      this.unit = "epochs";
      this.limit = checkNumber(where, "patience", patience, { integer: true, atLeast: 0 });
      return;
    }
    checkNames(`${where}: patience`, patience, ["steps", "seconds"]);
    const given = Object.entries(patience) as [keyof Progress, number][];
    if (given.length !== 1) {
      throw new OptionError(
        `${where}: patience must be a number of epochs, { steps } or { seconds }, got ${show(patience)}.`,
      );
    }
    const [unit, limit] = given[0]!;
    this.unit = unit;
    this.limit = checkNumber(where, `patience.${unit}`, limit, { integer: unit === "steps", atLeast: 0 });
  }

  isOver(since: Progress, now: Progress): boolean {
    return now[this.unit] - since[this.unit] >= this.limit;
  }

  /** Like `"2 epochs"`. */
  waited(since: Progress, now: Progress): string {
    const amount = now[this.unit] - since[this.unit];
    const unit = amount === 1 ? this.unit.slice(0, -1) : this.unit;
    return `${this.unit === "seconds" ? amount.toFixed(amount < 10 ? 1 : 0) : amount} ${unit}`;
  }
}
