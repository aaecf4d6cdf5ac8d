// TensorFlow.js as one namespace, as the union package has it, but from its parts: half the disk and half the start-up.
// A CommonJS file, because the parts are CommonJS: an ES import would scan their 5 MB for names, three times what running
// them takes.
export * from "@tensorflow/tfjs-converter";
export * from "@tensorflow/tfjs-core";
// The methods of tensors: written as an export because the declarations of this file would drop an import.
export type {} from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
// @ts-expect-error verbatimModuleSyntax allows the other export lines in a CommonJS file, but not a namespace.
export * as data from "@tensorflow/tfjs-data";
export * from "@tensorflow/tfjs-layers";
