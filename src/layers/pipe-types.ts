import type { tf } from "../engine/tf.js";
import type { Shape } from "./shapes.js";
import type { Fits, Flow, RowOf, Step, Value } from "./value.js";

/** The type of `pipe`. Each step has a type of its own: only then is an arrow function told which shape it gets. */
export interface PipeOf {
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>> = Left<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>> = Left<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>> = Left<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>> = Left<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>> = Left<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>> = Left<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    H extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G]>> = Left<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    I extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>> = Left<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    J extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>> = Left<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
    K extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>> = Left<
      Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>
    >,
    L extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K]>> = Left<
      Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K]>
    >,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b?: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c?: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d?: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e?: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f?: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g?: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    h?: H & Fits<H, Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    i?: I & Fits<I, Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    j?: J & Fits<J, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
    k?: K & Fits<K, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>>,
    l?: L & Fits<L, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K, L]>>;
  /** More steps than the compiler follows: the shape is known again when the model is built. */
  <X extends tf.SymbolicTensor>(this: X, ...steps: readonly [...Thirteen, ...Step<Shape>[]]): Value;
}

/** A step that is not there: a function, because an arrow function in its place is told its parameter by it. */
type Left<Row extends Shape> = (x: Value<Row>) => Value<Row>;

type S = Step<Shape>;
type Thirteen = [S, S, S, S, S, S, S, S, S, S, S, S, S];
