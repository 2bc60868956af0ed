/** A command as a process of its own, with what it cost as the operating system counts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ProcessCost {
  readonly exitCode: number;
  readonly wallMs: number;
  /** User and system time of all its threads, and of the process that it may start for itself. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly stderr: string;
}

/** Says at the end of the process, on its standard error, what it used. */
const REPORTER = `data:text/javascript,import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write('\\nused '+JSON.stringify({cpuMs:(u.userCPUTime+u.systemCPUTime)/1000,peakMiB:u.maxRSS/1024})+'\\n')})`;

type Used = Pick<ProcessCost, 'cpuMs' | 'peakMiB'>;

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when it has ended. */
  readonly cost: Promise<ProcessCost>;
}

/** @param options `input`: the caller writes to its standard input */
export function startMeasured(args: readonly string[], options: { readonly input?: boolean } = {}): Running {
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', REPORTER, ...args], {
    stdio: [options.input === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const cost = once(child, 'exit').then(([code]): ProcessCost => {
    const used = [...stderr.matchAll(/used (\{.*\})/g)].map(([, text]) => JSON.parse(text ?? '') as Used);
    return {
      exitCode: Number(code),
      wallMs: performance.now() - begin,
      cpuMs: used.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      peakMiB: used.reduce((sum, { peakMiB }) => sum + peakMiB, 0),
      stderr,
    };
  });
  return { child, cost };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
