import { type Resize, resizeGradient } from "../numerics/resizing.js";
import { floats, kernelOf, setKernel } from "./kernel.js";

import type tf = require("../parts.cjs");

// The stock gradients know nothing of half-pixel centers.
for (const method of ["bilinear", "nearest"] as const) {
  const kernelName = method === "bilinear" ? "ResizeBilinearGrad" : "ResizeNearestNeighborGrad";
  const stock = kernelOf(kernelName);
  setKernel(kernelName, (backend, { dy, images }, attrs) => {
    const options = attrs as Resize;
    if (!options.halfPixelCenters) return stock(backend, { dy: dy!, images: images! }, attrs);
    const [shape, from] = [images!.shape, dy!.shape] as tf.Tensor4D["shape"][];
    const result = backend.makeOutput(shape!, "float32");
    floats(backend, result).set(resizeGradient(floats(backend, dy!), from!, shape!, method, options));
    return result;
  });
}
