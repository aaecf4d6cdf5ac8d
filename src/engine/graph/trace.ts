import tf = require("../parts.cjs");

import { EtudeError } from "../../core/errors.js";
import { type Draw, drawWith } from "../random-tensors.js";
import { Graph, type GraphDType, type Value, type ValueType } from "./graph.js";
import "./kernels/convolution.js";
import "./kernels/elementwise.js";
import "./kernels/pooling.js";
import "./kernels/products.js";
import "./kernels/reductions.js";
import "./kernels/shaping.js";
import { type GraphKernelHost, graphBackendName, type TracedData } from "./kernel.js";
import { arrayOf } from "./nodes.js";

/** Why a step cannot be a graph; it can still run operation by operation. */
export class NotTraceable extends EtudeError {}

/** A variable that a step read or moved. */
export interface TracedVariable {
  readonly variable: tf.Variable;
  /** Its name as an input of the graph. */
  readonly input: string;
  /** What the step assigned to it last. */
  readonly assigned?: Value;
}

export interface TracedInput extends ValueType {
  readonly name: string;
}

export interface TraceOptions {
  /** Variables are constants of the graph, under their names. @default false, they are inputs */
  readonly frozen?: boolean;
}

/** Random numbers that the step asks for at each run, in this order. */
export interface TracedDraw {
  readonly input: string;
  readonly draw: Draw;
  readonly shape: readonly number[];
}

export interface Trace {
  readonly graph: Graph;
  readonly inputs: readonly TracedInput[];
  readonly variables: readonly TracedVariable[];
  readonly draws: readonly TracedDraw[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/** A step of tensors: from its inputs to what it hands back, by name; it may also assign variables. */
export type Step = (inputs: tf.Tensor[]) => Readonly<Record<string, tf.Tensor>>;

/**
 * Runs `step` once with tensors that have a shape and no numbers, and writes down what it does. Nothing is computed: variables
 * are as before.
 *
 * @throws NotTraceable if the step does what depends on the numbers or has no operator in ONNX.
 */
export function trace(
  step: Step,
  inputTypes: readonly (ValueType & { readonly name?: string })[],
  { frozen = false }: TraceOptions = {},
): Trace {
  const backend = new GraphBackend(frozen);
  const engine = tf.engine() as unknown as { backendName: string; backendInstance: unknown };
  const { backendName, backendInstance } = engine;
  const { assign } = tf.Variable.prototype;
  const before = new Map<tf.Variable, object>();
  const inputs = inputTypes.map(({ name, shape, dtype }, i) => ({ name: name ?? `x${i}`, shape, dtype }));
  engine.backendName = graphBackendName;
  engine.backendInstance = backend;
  tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor) {
    if (!before.has(this)) before.set(this, this.dataId);
    backend.incRef(value.dataId as TracedData);
    Object.assign(this, { dataId: value.dataId });
  };
  try {
    let traced: Trace | undefined;
    tf.tidy(() => {
      const tensors = inputs.map((input) => backend.tensorOf(backend.graph.input(input.name, input)));
      const results = drawWith(
        (draw, shape) => backend.random(draw, shape),
        () => step(tensors),
      );
      const outputs = Object.entries(results).map(([name, tensor]) => [name, backend.valueFor(tensor)] as const);
      tf.dispose(results as tf.TensorContainerObject);
      const variables = [...backend.variables].map(([variable, input]) =>
        before.has(variable) ? { variable, input, assigned: backend.valueFor(variable) } : { variable, input },
      );
      const { graph, draws } = backend;
      traced = { graph, inputs, variables, draws, outputs: Object.fromEntries(outputs) };
    });
    return traced!;
  } catch (error) {
    const missing = /Kernel '(\w+)' not registered for backend 'graph'|registered kernel '(\w+)'/.exec(String(error));
    if (missing) throw new NotTraceable(`it uses ${missing[1] ?? missing[2]}`);
    throw error;
  } finally {
    for (const [variable, dataId] of before) Object.assign(variable, { dataId });
    tf.Variable.prototype.assign = assign;
    Object.assign(engine, { backendName, backendInstance });
  }
}

/** A backend of TensorFlow.js whose tensors are values of a graph. */
class GraphBackend extends tf.KernelBackend implements GraphKernelHost {
  readonly graph = new Graph();
  readonly variables = new Map<tf.Variable, string>();
  readonly draws: TracedDraw[] = [];
  private readonly constants = new Map<object, Value>();

  constructor(private readonly frozen: boolean) {
    super();
  }

  valueFor(info: tf.TensorInfo): Value {
    const { value } = info.dataId as Partial<TracedData>;
    if (value !== undefined) return value;
    const { shape } = info;
    const dtype = graphDType(info.dtype);
    if (info instanceof tf.Variable && !this.frozen) {
      const name = this.variables.get(info) ?? `w${this.variables.size}`;
      this.variables.set(info, name);
      return this.graph.input(name, { shape, dtype });
    }
    const known = this.constants.get(info.dataId);
    if (known !== undefined) return known;
    const name = info instanceof tf.Variable ? info.name : undefined;
    const constant = this.constantOf(tf.engine().readSync(info.dataId) as Float32Array, shape, dtype, name);
    this.constants.set(info.dataId, constant);
    return constant;
  }

  tensorOf(value: Value): tf.Tensor {
    const dataId: TracedData = { value, references: 1 };
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType });
  }

  random(draw: Draw, shape: readonly number[]): tf.Tensor {
    const input = `r${this.draws.length}`;
    this.draws.push({ input, draw, shape });
    return this.tensorOf(this.graph.input(input, { shape, dtype: "float32" }));
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): TracedData {
    const value = this.constantOf(values as Float32Array, shape, graphDType(dtype));
    return { value, references: 1 };
  }

  override readSync(): never {
    throw new NotTraceable("it reads the numbers of a tensor while it computes");
  }

  override read(): never {
    return this.readSync();
  }

  override incRef(data: TracedData): void {
    if (data.references !== undefined) data.references++;
  }

  override disposeData(data: TracedData): boolean {
    return --data.references <= 0;
  }

  override refCount({ references }: TracedData): number {
    return references;
  }

  override numDataIds(): number {
    return 0;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override dispose(): void {}

  private constantOf(values: ArrayLike<number>, shape: readonly number[], dtype: GraphDType, name?: string): Value {
    const first = Number(values[0]);
    let same = 0;
    while (same < values.length && Number(values[same]) === first) same++;
    if (name === undefined && same > 0 && same === values.length) {
      return this.graph.splat(dtype === "float32" ? Math.fround(first) : first, { shape, dtype });
    }
    return this.graph.constant(arrayOf(dtype, values), { shape, dtype }, name);
  }
}

function graphDType(dtype: tf.DataType): GraphDType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new NotTraceable(`it uses tensors of ${dtype}`);
}
