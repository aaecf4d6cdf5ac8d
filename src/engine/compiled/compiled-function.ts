import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";

import tf = require("../parts.cjs");

import { EtudeError } from "../../core/errors.js";
import type { RandomStream } from "../../core/random.js";
import { type Graph, type GraphArray, type GraphNode, sizeOf, type Value, type ValueType } from "../graph/graph.js";
import { onnxModel } from "../graph/onnx.js";
import { NotTraceable, type Step, type Trace, trace } from "../graph/trace.js";
import { fillDraw } from "../random-tensors.js";
import type { HostVariables } from "./host-variables.js";
import { emptyArray, hasRuntime, type NativeTensor, nativeTensor, Session } from "./session.js";

/** Why a step runs operation by operation: in a few words that go on from "because". */
export class NotCompiled extends EtudeError {}

/** Why no step can be compiled here; null if steps can. */
export function whyNothingCompiles(): string | null {
  if (!hasRuntime()) return "onnxruntime-node is not installed";
  const { isUsingGpuDevice } = tf.backend() as tf.KernelBackend & { readonly isUsingGpuDevice?: boolean };
  return isUsingGpuDevice ? "tensors are on the GPU, and a compiled step would leave it" : null;
}

/** Products with fewer multiplications than this are done before a second thread has woken up. */
const parallelFlops = 2e6;

/**
 * A step of tensors as one graph in native code: it reads {@link inputs} and variables, writes {@link outputs} and variables,
 * and makes no tensors.
 */
export class CompiledFunction {
  /** To be filled before each run. */
  readonly inputs: readonly GraphArray[];
  /** What the last run computed, by name. */
  readonly outputs: Readonly<Record<string, GraphArray>>;
  private readonly feeds: Record<string, NativeTensor> = {};
  private readonly fetches: Record<string, NativeTensor> = {};

  private constructor(
    private readonly plan: Plan,
    private readonly session: Session,
  ) {
    const made = (types: Readonly<Record<string, ValueType>>, tensors: Record<string, NativeTensor>) => {
      for (const [name, type] of Object.entries(types)) {
        tensors[name] = nativeTensor(emptyArray(type.dtype, sizeOf(type.shape)), type);
      }
    };
    made(Object.fromEntries(plan.inputs.map((input) => [input.name, input])), this.feeds);
    made(Object.fromEntries(plan.draws.map((draw) => [draw.input, { ...draw, dtype: "float32" }])), this.feeds);
    made(plan.outputs, this.fetches);
    this.inputs = plan.inputs.map(({ name }) => this.feeds[name]!.data);
    this.outputs = Object.fromEntries(Object.keys(plan.outputs).map((name) => [name, this.fetches[name]!.data]));
  }

  /**
   * @param variables - Those that the step reads are brought up to date first.
   * @throws NotCompiled if `step` cannot be a graph, or is not the same each time.
   */
  static of(
    step: Step,
    inputTypes: readonly ValueType[],
    variables: HostVariables,
    profile?: string,
  ): CompiledFunction {
    try {
      variables.flush();
      const traced = trace(step, inputTypes);
      const model = modelOf(traced);
      const again = modelOf(trace(step, inputTypes));
      if (Buffer.compare(model, again) !== 0) throw new NotTraceable("something in it changes from step to step");
      const threads = isLarge(traced.graph) ? availableParallelism() : 1;
      return new CompiledFunction(planOf(traced, model), new Session(model, { threads, profile }));
    } catch (error) {
      throw new NotCompiled(error instanceof Error ? error.message.split("\n")[0] : String(error), { cause: error });
    }
  }

  /** Whether `step` would still give the same graph. */
  isStill(step: Step): boolean {
    return digestOf(modelOf(trace(step, this.plan.inputs))) === this.plan.digest;
  }

  /** @param random - Where dropout and noise draw from. */
  run(variables: HostVariables, random: RandomStream): void {
    for (const { input, draw } of this.plan.draws) fillDraw(this.feeds[input]!.data as Float32Array, draw, random);
    for (const { variable, input, isAssigned } of this.plan.variables) {
      const host = variables.of(variable);
      this.feeds[input] = host.read();
      if (isAssigned) this.fetches[assignedName(input)] = host.next();
    }
    this.session.run(this.feeds, this.fetches);
    for (const { variable, isAssigned } of this.plan.variables) if (isAssigned) variables.of(variable).swap();
  }

  endProfiling(): void {
    this.session.endProfiling();
  }

  dispose(): void {
    this.session.dispose();
  }
}

/** What is left of a trace once it is a session: the graph itself would hold memory for as long as the function. */
interface Plan {
  readonly inputs: Trace["inputs"];
  readonly draws: Trace["draws"];
  readonly outputs: Readonly<Record<string, ValueType>>;
  readonly variables: readonly {
    readonly variable: tf.Variable;
    readonly input: string;
    readonly isAssigned: boolean;
  }[];
  readonly digest: string;
}

function planOf({ inputs, draws, outputs, variables }: Trace, model: Uint8Array): Plan {
  const types = Object.entries(outputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }] as const);
  return {
    inputs,
    draws,
    outputs: Object.fromEntries(types),
    variables: variables.map(({ variable, input, assigned }) => ({
      variable,
      input,
      isAssigned: assigned !== undefined,
    })),
    digest: digestOf(model),
  };
}

function digestOf(model: Uint8Array): string {
  return createHash("sha256").update(model).digest("base64");
}

function assignedName(input: string): string {
  return `${input}_next`;
}

function modelOf({ graph, outputs, variables }: Trace): Uint8Array {
  const assigned: Record<string, Value> = {};
  for (const variable of variables) if (variable.assigned) assigned[assignedName(variable.input)] = variable.assigned;
  return onnxModel(graph, { ...outputs, ...assigned });
}

/** Whether one product in the graph is worth more than one thread. */
function isLarge(graph: Graph): boolean {
  return graph.all().some((node) => flopsOf(node) > parallelFlops);
}

function flopsOf({ op, inputs, outputs, attributes }: GraphNode): number {
  const size = sizeOf(outputs[0]!.shape);
  if (op === "Conv") return size * sizeOf(inputs[1]!.shape.slice(1));
  if (op === "MatMul") return size * inputs[0]!.shape.at(-1)!;
  return op === "Gemm" ? size * inputs[0]!.shape[attributes.transA ? 0 : 1]! : 0;
}
