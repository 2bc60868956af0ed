/** One stage as a process of its own, under a supervisor as a server has one: what ends is started again. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnCommand, textOf } from '../end-to-end/built-command.ts';

export interface StageReady {
  readonly http: number;
  readonly mqtt?: number;
}

const READY_WITHIN_MS = 60_000;
/** systemd's RestartSec in `deploy/systemd`. */
const RESTART_MS = 500;

export class StageProcess {
  readonly name: string;
  readonly #args: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #ready: StageReady | undefined;
  #wanted = true;
  #supervising: Promise<void> = Promise.resolve();
  #stderr: () => string = () => '';
  /** Ends that nobody asked for, with their code and last words. */
  readonly crashes: string[] = [];
  starts = 0;

  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#args = args;
    this.#env = env;
  }

  /** Resolves when it is ready; from then on it is kept running. */
  async start(): Promise<StageReady> {
    this.#wanted = true;
    this.#supervising = this.#supervise();
    return this.whenReady();
  }

  /** Undefined while it is not ready. */
  ready(): StageReady | undefined {
    return this.#ready;
  }

  async whenReady(): Promise<StageReady> {
    const until = Date.now() + READY_WITHIN_MS;
    while (this.#ready === undefined) {
      if (Date.now() > until) throw new Error(`${this.name} is not ready: ${this.crashes.join(' | ')}`);
      await pause(20);
    }
    return this.#ready;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The end of what it has logged. */
  lastWords(): string {
    return this.#stderr().slice(-3_000);
  }

  /** The supervisor starts it again where it ends. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child?.kill(signal);
  }

  /** Asked to end, and not started again. @returns its code and how long it took */
  async stop(): Promise<{ readonly code: number | null; readonly ms: number }> {
    this.#wanted = false;
    const askedAt = performance.now();
    const child = this.#child;
    child?.kill('SIGCONT');
    child?.kill('SIGTERM');
    await this.#supervising;
    return { code: child?.exitCode ?? null, ms: performance.now() - askedAt };
  }

  async metrics(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    if (this.#ready === undefined) return found;
    const response = await fetch(`http://127.0.0.1:${String(this.#ready.http)}/metrics`);
    for (const line of (await response.text()).split('\n')) {
      const [, name = '', value = ''] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
      if (name !== '') found.set(name, (found.get(name) ?? 0) + Number(value));
    }
    return found;
  }

  async #supervise(): Promise<void> {
    while (this.#wanted) {
      await this.#runOnce();
      this.#ready = undefined;
      if (this.#wanted) await pause(RESTART_MS);
    }
  }

  async #runOnce(): Promise<void> {
    this.starts += 1;
    const child = spawnCommand([...this.#args, '--json', '--http', '0'], { env: this.#env });
    this.#child = child;
    const stderr = textOf(child.stderr);
    this.#stderr = stderr;
    const gone = once(child, 'exit');
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).once('line', (line) => {
        this.#ready = JSON.parse(line) as StageReady;
      });
    }
    await gone;
    if (this.#wanted && child.signalCode === null)
      this.crashes.push(`${this.name} ended with ${String(child.exitCode)}: ${stderr().slice(-600)}`);
  }
}
