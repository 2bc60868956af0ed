/** `stackwarden start` as a process: its ports, questions to its API, and its end, wanted or violent. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Finding } from '../../contracts/finding.ts';
import { spawnCommand, textOf } from './built-command.ts';
import { readyLine } from './ready-line.ts';

export interface ReadyLine {
  readonly page: string;
  readonly http: number;
  readonly mqtt: number;
  readonly mqttUrl: string;
  readonly data: string;
  readonly key?: string;
}

export interface Question {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface RunningSystem {
  readonly ready: ReadyLine;
  /** From the start of the process to its line. */
  readonly readyAfterMs: number;
  readonly child: ChildProcess;
  stderr(): string;
  ask(path: string, question?: Question): Promise<Answer>;
  /** Ctrl-C. @returns the exit code and how long it took */
  stop(): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** kill -9; nothing of it is left when this resolves. */
  kill(): Promise<void>;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await gone)[0];
}

/** Starts the product with free ports and waits until it is ready. */
export async function startSystem(
  folder: string,
  args: readonly string[] = ['--insecure'],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningSystem> {
  const beganAt = performance.now();
  const child = spawnCommand(['start', '--json', '--http', '0', '--mqtt', '0', '--data', folder, ...args], { env });
  const stderr = textOf(child.stderr);
  const ready = await readyLine<ReadyLine>(child, stderr);
  const readyAfterMs = performance.now() - beganAt;
  return {
    ready,
    readyAfterMs,
    child,
    stderr,
    async ask(path, { method = 'GET', body, key } = {}) {
      const response = await fetch(new URL(path, ready.page), {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    },
    async stop() {
      const askedAt = performance.now();
      const code = await end(child, 'SIGINT');
      return { code, ms: performance.now() - askedAt };
    },
    async kill() {
      await end(child, 'SIGKILL');
    },
  };
}

/** Asks, and insists on an answer that is not a refusal. */
export async function askJson<T>(system: RunningSystem, path: string, question: Question = {}): Promise<T> {
  const { status, text } = await system.ask(path, question);
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`);
  return JSON.parse(text) as T;
}

/** Every item of a list, page by page. */
export async function listAll<T>(system: RunningSystem, path: string, key?: string): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '1000', ...(cursor === null ? {} : { cursor }) });
    const question = key === undefined ? {} : { key };
    const url = `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`;
    const page: { items: T[]; next: string | null } = await askJson(system, url, question);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

export function listFindings(system: RunningSystem, key?: string): Promise<readonly Finding[]> {
  return listAll<Finding>(system, '/api/v1/findings', key);
}

/** Counters by name; of those with labels the sum. */
export async function readMetrics(system: RunningSystem): Promise<ReadonlyMap<string, number>> {
  const { text } = await system.ask('/metrics');
  const metrics = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    if (name !== '') metrics.set(name, (metrics.get(name) ?? 0) + Number(value));
  }
  return metrics;
}

/** Asks again until the answer is right; the last one where the time is over. */
export async function until<T>(
  question: () => Promise<T>,
  isRight: (answer: T) => boolean,
  withinMs: number,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await question();
    if (isRight(answer) || Date.now() > deadline) return answer;
    await pause(150);
  }
}

/** Resolves when the detector has read the log to its end. */
export async function caughtUp(system: RunningSystem, withinMs = 60_000): Promise<void> {
  const lag = await until(
    async () => (await readMetrics(system)).get('stackwarden_detect_lag_records') ?? -1,
    (records) => records === 0,
    withinMs,
  );
  if (lag !== 0) throw new Error(`${lag} records are still unread: ${system.stderr()}`);
}
