import { checkNumber } from "../../core/check.js";

/** An option that counts something: from 1. */
export function checkCount(where: string, name: string, value: number, advice?: string): number {
  return checkNumber(where, name, value, { integer: true, atLeast: 1, ...(advice !== undefined && { advice }) });
}

/** What a training step may leave out: a share from 0 to below 1, by default 0. */
export function checkShare(where: string, name: string, value = 0): number {
  return checkNumber(where, name, value, { atLeast: 0, below: 1 });
}
