import { TestEnvironment } from "jest-environment-node";

// Jest gives each test file its own realm. Native modules and TensorFlow.js test `instanceof Float32Array` against the
// main realm, so the binary types of the main realm are shared with the tests.
const shared = [
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Atomics",
  "WebAssembly",
];

export default class SharedBinaryEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of shared) this.global[name] = globalThis[name];
  }
}
