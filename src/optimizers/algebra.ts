/**
 * What a rule may do with numbers, element by element, on whatever stands for them: the registers of a compiled loop, the
 * tensors of a backend. Every result is rounded to float32, so a rule gives the same bits in each.
 */
export interface Algebra<T> {
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  max(a: T, b: T): T;
  min(a: T, b: T): T;
  abs(a: T): T;
  sqrt(a: T): T;
  /** 1, 0 or -1. */
  sign(a: T): T;
}
