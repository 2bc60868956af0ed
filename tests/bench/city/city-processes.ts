/** The server and the simulator as two processes, and what each of them uses as the operating system counts it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { startMeasured, type ProcessCost, type Running } from '../measured-process.ts';
import { COMMAND, type CityFolder } from './city-folder.ts';

/** Clock ticks of Linux, in which /proc counts the time of processes. */
const TICK_MS = 10;
const BYTES_PER_KB = 1_024;
const MB = 1_000_000;

interface Ready {
  readonly page: string;
  readonly mqttUrl: string;
}

/** Nothing of a run that is broken off goes on by itself. */
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]));

/** A process of ours, while it runs. */
export class Measured {
  readonly #running: Running;
  readonly #name: string;
  readonly #pid: number;

  constructor(name: string, running: Running) {
    if (running.child.pid === undefined) throw new Error(`the ${name} did not start`);
    this.#name = name;
    this.#running = running;
    this.#pid = running.child.pid;
    alive.add(running.child);
    running.child.once('exit', () => alive.delete(running.child));
  }

  /** User and system time of all its threads, ms. */
  cpuMs(): number {
    // Behind the name of the process, which may have blanks in it.
    const fields = this.#proc('stat').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** The most memory that it had so far, MB of a million bytes. */
  peakMb(): number {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(this.#proc('status'))?.[1];
    return (Number(kilobytes) * BYTES_PER_KB) / MB;
  }

  /** Rejects when it ends before it was asked to. */
  async watched(): Promise<never> {
    const { exitCode, stderr } = await this.#running.cost;
    throw new Error(`the ${this.#name} ended with ${exitCode}: ${stderr}`);
  }

  async stop(): Promise<ProcessCost> {
    this.#running.child.kill('SIGTERM');
    return this.#running.cost;
  }

  #proc(file: string): string {
    return readFileSync(`/proc/${this.#pid}/${file}`, 'utf8');
  }
}

export interface Server {
  readonly process: Measured;
  readonly page: string;
  readonly mqttUrl: string;
  /** From the start of the process to its word that it is ready. */
  readonly readyAfterMs: number;
}

export async function startServer({ data }: CityFolder): Promise<Server> {
  const begin = performance.now();
  const running = startMeasured([COMMAND, 'start', '--json', '--http', '0', '--mqtt', '0', '--data', data]);
  const process = new Measured('server', running);
  if (running.child.stdout === null) throw new Error('the server has no output');
  const line = once(createInterface({ input: running.child.stdout }), 'line') as Promise<[string]>;
  const [text] = await Promise.race([line, process.watched()]);
  const { page, mqttUrl } = JSON.parse(text) as Ready;
  return { process, page, mqttUrl, readyAfterMs: performance.now() - begin };
}

/** @param startAt what the registry in force was made for */
export function startSimulator(
  { mqttUrl }: Server,
  { logins }: CityFolder,
  choice: { readonly scenario: string; readonly startAt: number },
): Measured {
  const args = ['simulate', '--scenario', choice.scenario, '--start', new Date(choice.startAt).toISOString()];
  const running = startMeasured([COMMAND, ...args, '--mqtt', mqttUrl, '--credentials', logins]);
  running.child.stdout?.resume();
  return new Measured('simulator', running);
}
