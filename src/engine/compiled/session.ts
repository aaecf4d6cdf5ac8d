import { createRequire } from "node:module";
import { EtudeError } from "../../core/errors.js";
import type { GraphArray, GraphDType, ValueType } from "../graph/graph.js";

const require = createRequire(import.meta.url);

/** A tensor as onnxruntime takes it: on the data itself, not on a copy. */
export interface NativeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: GraphArray;
}

type Tensors = Readonly<Record<string, NativeTensor>>;

interface Metadata {
  readonly name: string;
  /** -1 for a size that may be any. */
  readonly shape: readonly number[];
  /** As `onnx.proto` numbers them. */
  readonly type: number;
}

interface Binding {
  readonly binding: {
    readonly InferenceSession: new () => {
      loadModel(path: string, options: object): void;
      loadModel(bytes: ArrayBufferLike, offset: number, length: number, options: object): void;
      readonly inputMetadata: readonly Metadata[];
      readonly outputMetadata: readonly Metadata[];
      run(feeds: Tensors, fetches: Readonly<Record<string, NativeTensor | null>>, options: object): Tensors;
      endProfiling(): void;
      dispose(): void;
    };
  };
  initOrt(): void;
}

interface Runtime extends Binding {
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => NativeTensor;
}

let runtime: Runtime | Error | undefined;

/** onnxruntime-node, if it is installed: an optional package, loaded at its first use. */
function loadRuntime(): Runtime | Error {
  try {
    // The part below its promises, which cost a turn of the event loop for each run; pinned exactly for this.
    const low: Binding = require("onnxruntime-node/dist/binding.js");
    const { Tensor } = require("onnxruntime-common");
    low.initOrt();
    return { ...low, Tensor };
  } catch (error) {
    return error as Error;
  }
}

function theRuntime(): Runtime {
  runtime ??= loadRuntime();
  if (!(runtime instanceof Error)) return runtime;
  throw new EtudeError(
    `onnxruntime-node cannot be loaded (${runtime.message.split("\n")[0]}). Install it: npm install onnxruntime-node`,
  );
}

/** Whether steps can be compiled on this machine. */
export function hasRuntime(): boolean {
  runtime ??= loadRuntime();
  return !(runtime instanceof Error);
}

export function nativeTensor(data: GraphArray, { shape, dtype }: ValueType): NativeTensor {
  return new (theRuntime().Tensor)(dtype, data, shape);
}

export function emptyArray(dtype: GraphDType, size: number): GraphArray {
  if (dtype === "float32") return new Float32Array(size);
  if (dtype === "int32") return new Int32Array(size);
  return dtype === "bool" ? new Uint8Array(size) : new BigInt64Array(size);
}

export interface SessionOptions {
  /** Of one operator; a small step is faster on one. */
  readonly threads: number;
  /** Where to write how long each operator took. */
  readonly profile?: string | undefined;
}

/** An ONNX model, from its bytes or its file, ready to run. */
export class Session {
  private readonly session;

  constructor(model: Uint8Array | string, { threads, profile }: SessionOptions) {
    this.session = new (theRuntime().binding.InferenceSession)();
    const options = {
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      ...(profile && { enableProfiling: true, profileFilePrefix: profile }),
    };
    if (typeof model === "string") this.session.loadModel(model, options);
    else this.session.loadModel(model.buffer, model.byteOffset, model.byteLength, options);
  }

  get inputs(): readonly Metadata[] {
    return this.session.inputMetadata;
  }

  get outputs(): readonly Metadata[] {
    return this.session.outputMetadata;
  }

  /** What the model makes of `feeds`, in memory of its own. */
  compute(feeds: Tensors): Tensors {
    return this.session.run(feeds, Object.fromEntries(this.outputs.map(({ name }) => [name, null])), {});
  }

  /** Reads `feeds` and writes into `fetches`, whose memory must not be that of a feed. */
  run(feeds: Tensors, fetches: Tensors): void {
    this.session.run(feeds, fetches, {});
  }

  endProfiling(): void {
    this.session.endProfiling();
  }

  dispose(): void {
    this.session.dispose();
  }
}
