import { availableParallelism, cpus, freemem, hostname, totalmem } from "node:os";
import type { UsageReply } from "../protocol/usage.js";

/** Processor time of the machine so far, in ms. */
interface HostTime {
  readonly busy: number;
  readonly all: number;
}

/** Measures what the kernel and its machine use, for those who ask now and then. */
export class Usage {
  private last: HostTime | undefined;

  /** @param processes - The ids of the kernel's processes; undefined for one that does not run now. */
  constructor(private readonly processes: () => readonly (number | undefined)[]) {}

  async measure(): Promise<UsageReply> {
    const { default: pidusage } = await import("pidusage");
    const pids = this.processes().filter((pid) => pid !== undefined);
    // One that ended since it was listed uses nothing.
    const all = await Promise.all(pids.map((pid) => pidusage(pid).catch(() => ({ cpu: 0, memory: 0 }))));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const total = totalmem();
    const available = process.availableMemory();
    const used = total - available;
    return {
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: sum(all.map(({ cpu }) => cpu)),
      kernel_memory: sum(all.map(({ memory }) => memory)),
      cpu_count: availableParallelism(),
      ...this.hostCpu(),
      host_virtual_memory: { total, available, percent: (100 * used) / total, used, free: freemem() },
    };
  }

  private hostCpu(): Pick<UsageReply, "host_cpu_percent"> {
    const { last } = this;
    const now = hostTime();
    this.last = now;
    if (!last || now.all === last.all) return {};
    return { host_cpu_percent: (100 * (now.busy - last.busy)) / (now.all - last.all) };
  }
}

function hostTime(): HostTime {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}
