import type { tf } from "../engine/tf.js";
import type { Shape } from "./shapes.js";
import type { Fits, Flow, RowOf, Step, Value } from "./value.js";

/** The type of `pipe` for each number of steps: only then is an arrow function told which shape it gets. */
export interface PipeOf {
  <X extends tf.SymbolicTensor, A extends Step<RowOf<X>>>(
    this: X,
    a: A & Fits<A, RowOf<X>>,
  ): Value<Flow<RowOf<X>, [A]>>;
  <X extends tf.SymbolicTensor, A extends Step<RowOf<X>>, B extends Step<Flow<RowOf<X>, [A]>>>(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
  ): Value<Flow<RowOf<X>, [A, B]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
  ): Value<Flow<RowOf<X>, [A, B, C]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    H extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    h: H & Fits<H, Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    H extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    I extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    h: H & Fits<H, Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    i: I & Fits<I, Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    H extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    I extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    J extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    h: H & Fits<H, Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    i: I & Fits<I, Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    j: J & Fits<J, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    H extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    I extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    J extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
    K extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    h: H & Fits<H, Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    i: I & Fits<I, Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    j: J & Fits<J, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
    k: K & Fits<K, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K]>>;
  <
    X extends tf.SymbolicTensor,
    A extends Step<RowOf<X>>,
    B extends Step<Flow<RowOf<X>, [A]>>,
    C extends Step<Flow<RowOf<X>, [A, B]>>,
    D extends Step<Flow<RowOf<X>, [A, B, C]>>,
    E extends Step<Flow<RowOf<X>, [A, B, C, D]>>,
    F extends Step<Flow<RowOf<X>, [A, B, C, D, E]>>,
    G extends Step<Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    H extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    I extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    J extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
    K extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>>,
    L extends Step<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K]>>,
  >(
    this: X,
    a: A & Fits<A, RowOf<X>>,
    b: B & Fits<B, Flow<RowOf<X>, [A]>>,
    c: C & Fits<C, Flow<RowOf<X>, [A, B]>>,
    d: D & Fits<D, Flow<RowOf<X>, [A, B, C]>>,
    e: E & Fits<E, Flow<RowOf<X>, [A, B, C, D]>>,
    f: F & Fits<F, Flow<RowOf<X>, [A, B, C, D, E]>>,
    g: G & Fits<G, Flow<RowOf<X>, [A, B, C, D, E, F]>>,
    h: H & Fits<H, Flow<RowOf<X>, [A, B, C, D, E, F, G]>>,
    i: I & Fits<I, Flow<RowOf<X>, [A, B, C, D, E, F, G, H]>>,
    j: J & Fits<J, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I]>>,
    k: K & Fits<K, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J]>>,
    l: L & Fits<L, Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K]>>,
  ): Value<Flow<RowOf<X>, [A, B, C, D, E, F, G, H, I, J, K, L]>>;
  /** More steps than the compiler follows: the shape is known again when the model is built. */
  <X extends tf.SymbolicTensor>(this: X, ...steps: readonly [...Thirteen, ...Step<Shape>[]]): Value;
}

type S = Step<Shape>;
type Thirteen = [S, S, S, S, S, S, S, S, S, S, S, S, S];
