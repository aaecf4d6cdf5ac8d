import { messageType } from "./message.js";

/** What jupyter-resource-usage shows; ipykernel's names and units. */
export interface UsageReply {
  readonly hostname: string;
  readonly pid: number;
  /** Percent of one core, of all processes of the kernel together, since the last question. */
  readonly kernel_cpu: number;
  /** Resident bytes of all processes of the kernel together. */
  readonly kernel_memory: number;
  readonly cpu_count: number;
  /** Percent of the whole machine since the last question; the first question has no answer yet. */
  readonly host_cpu_percent?: number;
  /** Bytes, and `percent` of `total` in use. */
  readonly host_virtual_memory: {
    readonly total: number;
    readonly available: number;
    readonly percent: number;
    readonly used: number;
    readonly free: number;
  };
}

export const usage = messageType<Record<string, never>, UsageReply>("usage");
