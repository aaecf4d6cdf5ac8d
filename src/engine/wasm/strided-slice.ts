import { kernelOf, setKernel, withTemporaries } from "./kernel.js";

const stock = kernelOf("StridedSlice");
const cast = kernelOf("Cast");

// The stock kernel says float32 whatever it was given, and moves four bytes for each value.
setKernel("StridedSlice", (backend, { x }, attrs) => {
  if (x!.dtype === "bool") {
    return withTemporaries(backend, (temporary) => {
      const numbers = temporary(cast(backend, { x: x! }, { dtype: "float32" }));
      return cast(backend, { x: temporary(stock(backend, { x: numbers }, attrs)) }, { dtype: "bool" });
    });
  }
  const result = stock(backend, { x: x! }, attrs);
  backend.dataIdMap.get(result.dataId).dtype = x!.dtype;
  return { ...result, dtype: x!.dtype };
});
