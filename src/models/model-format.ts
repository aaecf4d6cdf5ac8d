/** In the metadata of a safetensors file: says that it holds a whole model. */
export const modelFormat = "etude-model";

/** Goes up when an older reader would misread a file. */
export const modelVersion = 1;
