/** The stages of production as measured processes on a benchmark's servers. */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand, spawnCommand, textOf } from '../../end-to-end/built-command.ts';
import { describeEnd, readyLine } from '../../end-to-end/ready-line.ts';
import { cpuMsOf, type BenchServers } from './bench-servers.ts';

export interface BenchStage {
  readonly pid: number;
  readonly http: number;
  readonly mqtt: number;
  cpuMs(): number;
  /** The most memory that it had, MB. */
  peakMb(): number;
  metric(name: string): Promise<number>;
  /** Resolves when it has ended; at once where it has already. */
  stop(): Promise<void>;
}

export interface BenchSystem {
  readonly env: Readonly<Record<string, string>>;
  readonly prefix: string;
  start(stage: string, ...args: readonly string[]): Promise<BenchStage>;
  stop(): Promise<void>;
}

const MOST_MS = 900_000;
/** After ten seconds a stage ends by itself, whatever hangs. */
const STOP_WITHIN_MS = 30_000;

/**
 * What ends without being asked to is the end of the whole benchmark: whatever waits for it would wait for ever, and
 * its figures would be of something else.
 */
function endOf(name: string, child: ChildProcess, stderr: () => string): () => Promise<void> {
  let isAsked = false;
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      if (!isAsked) throw new Error(`nobody asked it to, but ${name} ${describeEnd(child, stderr())}`);
      isGone = true;
      resolve();
    });
  });
  return async () => {
    isAsked = true;
    if (isGone) return;
    child.kill('SIGTERM');
    await Promise.race([gone, pause(STOP_WITHIN_MS, undefined, { ref: false })]);
    if (child.exitCode !== 0) throw new Error(`asked to end, ${name} ${describeEnd(child, stderr())}`);
  };
}

async function startStage(args: readonly string[], env: Readonly<Record<string, string>>): Promise<BenchStage> {
  const name = args[0] ?? '';
  const child = spawnCommand([...args, '--json', '--http', '0'], { env });
  const stderr = textOf(child.stderr);
  const stop = endOf(name, child, stderr);
  const { http, mqtt = 0 } = await readyLine<{ http: number; mqtt?: number }>(child, stderr);
  const pid = child.pid ?? 0;
  return {
    pid,
    http,
    mqtt,
    cpuMs: () => cpuMsOf(pid),
    peakMb: () => Number(/^VmHWM:\s+(\d+)/m.exec(procStatus(pid))?.[1]) / 1_000,
    async metric(metric) {
      const text = await (await fetch(`http://127.0.0.1:${String(http)}/metrics`)).text();
      const lines = [...text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
      if (lines.length === 0) throw new Error(`${name} has no metric ${metric}`);
      return lines.reduce((sum, [, value]) => sum + Number(value), 0);
    },
    stop,
  };
}

function procStatus(pid: number): string {
  return readFileSync(`/proc/${String(pid)}/status`, 'utf8');
}

/** @param registry its text; in force when this resolves */
export async function openBenchSystem(
  { env: servers }: BenchServers,
  registry: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-bench-kafka-'));
  const prefix = `bench-${randomUUID().slice(0, 8)}.`;
  const env = {
    STACKWARDEN_LOG: 'kafka',
    STACKWARDEN_KAFKA_BROKERS: servers['STACKWARDEN_TEST_KAFKA'] ?? '',
    STACKWARDEN_KAFKA_PREFIX: prefix,
    STACKWARDEN_SERIES: 'influx',
    STACKWARDEN_INFLUX_URL: servers['STACKWARDEN_TEST_INFLUX_URL'] ?? '',
    STACKWARDEN_INFLUX_ORG: servers['STACKWARDEN_TEST_INFLUX_ORG'] ?? '',
    STACKWARDEN_INFLUX_BUCKET: servers['STACKWARDEN_TEST_INFLUX_BUCKET'] ?? '',
    STACKWARDEN_INFLUX_TOKEN: servers['STACKWARDEN_TEST_INFLUX_TOKEN'] ?? '',
    STACKWARDEN_INSECURE: 'true',
    STACKWARDEN_DATA: join(folder, 'api'),
    // What is sent at once here happened hours ago, and is to take the way of what happens now.
    STACKWARDEN_BACKLOG_AFTER_MINUTES: '1440',
    UV_THREADPOOL_SIZE: '16',
    ...settings,
  };
  const path = join(folder, 'registry.json');
  writeFileSync(path, registry);
  const imported = await runCommand(['registry', 'import', path], { env });
  if (imported.code !== 0) throw new Error(`registry import: ${imported.stderr}`);
  const running: BenchStage[] = [];
  return {
    env,
    prefix,
    async start(stage, ...args) {
      const started = await startStage([stage, ...args], env);
      running.push(started);
      return started;
    },
    async stop() {
      await Promise.all(running.splice(0).map((stage) => stage.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks until it is so. @returns ms that it took */
export async function untilSo(isSo: () => Promise<boolean>, everyMs = 50): Promise<number> {
  const begin = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begin > MOST_MS) throw new Error('a stage does not come to its end');
    await pause(everyMs);
  }
  return performance.now() - begin;
}
