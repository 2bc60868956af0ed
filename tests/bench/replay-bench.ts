/** `replay` as a user runs it: a cold process, one file, everything that the rules need. */
import { median, startMeasured, type ProcessCost } from './measured-process.ts';

export interface ReplayFigures {
  readonly reports: number;
  readonly runs: number;
  readonly perSecond: number;
  readonly cpuMsPerThousand: number;
  readonly coldCpuSeconds: number;
  /** CPU of a second half of the work: what a report costs once the process is warm. */
  readonly warmCpuMsPerThousand: number;
  readonly peakMiB: number;
}

export interface ReplayFiles {
  readonly registry: string;
  readonly reports: string;
  readonly count: number;
}

async function replayOnce(files: ReplayFiles): Promise<ProcessCost> {
  const args = [
    'dist/cli/main.js',
    'replay',
    '--registry',
    files.registry,
    '--reports',
    files.reports,
    '--findings',
    '/dev/null',
  ];
  const { child, cost } = startMeasured(args);
  child.stdout?.resume();
  const done = await cost;
  if (done.exitCode !== 0) throw new Error(`replay ended with ${String(done.exitCode)}: ${done.stderr}`);
  return done;
}

/** @param twice the same workload at twice the length: the difference is the warm cost */
export async function benchReplay(files: ReplayFiles, twice: ReplayFiles, runs: number): Promise<ReplayFigures> {
  const costs: ProcessCost[] = [];
  const longer: ProcessCost[] = [];
  for (let run = 0; run < runs; run += 1) {
    costs.push(await replayOnce(files));
    longer.push(await replayOnce(twice));
  }
  const cpuMs = median(costs.map((cost) => cost.cpuMs));
  const extraMs = median(longer.map((cost, index) => cost.cpuMs - (costs[index]?.cpuMs ?? 0)));
  return {
    reports: files.count,
    runs,
    perSecond: (files.count * 1_000) / median(costs.map((cost) => cost.wallMs)),
    cpuMsPerThousand: (cpuMs * 1_000) / files.count,
    coldCpuSeconds: cpuMs / 1_000,
    warmCpuMsPerThousand: (extraMs * 1_000) / (twice.count - files.count),
    peakMiB: median(costs.map((cost) => cost.peakMiB)),
  };
}
