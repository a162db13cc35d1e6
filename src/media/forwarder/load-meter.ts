// How busy this process is. The rule: it counts what the process needs, not what the machine keeps it waiting for; only
// when its loop never rests is it as good as full, whoever took the time.

import { performance } from 'node:perf_hooks';

/** Share of the time in which the loop had something to do from which on it counts as never resting. */
const RESTLESS = 0.97;

export class LoadMeter {
  #loop = performance.eventLoopUtilization();
  #cpu = process.threadCpuUsage();
  #atMs = performance.now();

  /** Share of a core that the JavaScript thread took since the last call, 0..1: packets are encrypted and sent there. */
  take(): number {
    const loop = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop);
    const { user, system } = process.threadCpuUsage(this.#cpu);
    const nowMs = performance.now();
    const share = (user + system) / 1000 / Math.max(1, nowMs - this.#atMs);
    this.#loop = loop;
    this.#cpu = process.threadCpuUsage();
    this.#atMs = nowMs;
    return utilization >= RESTLESS ? 1 : Math.min(1, share);
  }
}
