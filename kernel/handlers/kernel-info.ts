import { kernelInfo } from "../protocol/kernel-info.js";
import { handle } from "./handle.js";

export const handleKernelInfo = handle(kernelInfo, (_, { info }) => info);
