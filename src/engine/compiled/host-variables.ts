import tf = require("../parts.cjs");

import { type GraphArray, type GraphDType, sizeOf } from "../graph/graph.js";
import { emptyArray, type NativeTensor, nativeTensor } from "./session.js";

/**
 * Variables whose numbers lie in the memory of the process while compiled steps move them. The first operation that uses such a
 * variable gets its newest numbers, and what it assigns is what the next compiled step reads: nobody has to ask for either.
 */
export class HostVariables {
  private readonly known = new Map<tf.Variable, HostVariable>();

  of(variable: tf.Variable): HostVariable {
    const known = this.known.get(variable);
    if (known !== undefined) return known;
    const made = new HostVariable(variable);
    this.known.set(variable, made);
    return made;
  }

  /** Brings all numbers back to the backend. */
  flush(): void {
    for (const variable of this.known.values()) variable.flush();
  }

  /** Brings all numbers back and lets go of the variables. */
  release(): void {
    for (const variable of this.known.values()) variable.release();
    this.known.clear();
  }
}

export class HostVariable {
  private current: NativeTensor;
  private spare: NativeTensor | undefined;
  private dataId: object;
  private newest: "both" | "host" | "backend" = "backend";
  private hasPrevious = false;

  constructor(private readonly variable: tf.Variable) {
    this.current = this.newTensor();
    this.dataId = variable.dataId;
    Object.defineProperty(variable, "dataId", {
      configurable: true,
      enumerable: true,
      get: () => {
        this.flush();
        return this.dataId;
      },
      set: (dataId: object) => {
        this.dataId = dataId;
        this.newest = "backend";
      },
    });
  }

  /** The newest numbers, to be read. */
  read(): NativeTensor {
    if (this.newest === "backend") {
      this.newest = "both";
      this.hasPrevious = false;
      this.current.data.set(tf.engine().readSync(this.dataId) as never);
    }
    return this.current;
  }

  /** Memory for new numbers, to be written while the old ones are still read; {@link swap} makes them the newest. */
  next(): NativeTensor {
    this.spare ??= this.newTensor();
    return this.spare;
  }

  swap(): void {
    [this.current, this.spare] = [this.next(), this.current];
    this.newest = "host";
    this.hasPrevious = true;
  }

  /** Goes back to the numbers before the last {@link swap}, if they are still there. */
  goBack(): void {
    if (!this.hasPrevious) return;
    this.swap();
    this.hasPrevious = false;
  }

  flush(): void {
    if (this.newest !== "host") return;
    this.newest = "both";
    const { shape, dtype } = this.variable;
    const numbers = tf.tensor(this.current.data.slice() as Float32Array, shape, dtype);
    this.variable.assign(numbers);
    numbers.dispose();
    this.newest = "both";
  }

  release(): void {
    this.flush();
    Object.defineProperty(this.variable, "dataId", {
      configurable: true,
      enumerable: true,
      writable: true,
      value: this.dataId,
    });
  }

  private newTensor(): NativeTensor {
    const { shape } = this.variable;
    const dtype = this.variable.dtype as GraphDType;
    const data: GraphArray = emptyArray(dtype, sizeOf(shape));
    return nativeTensor(data, { shape, dtype });
  }
}
