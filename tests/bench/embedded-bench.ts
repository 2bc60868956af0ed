/** The running product: MQTT → log → all rules → series, until nothing lags behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startMeasured } from './measured-process.ts';
import type { WorkloadTask } from './workload-publisher.ts';
import type { Workload } from './workload.ts';

export interface EmbeddedFigures {
  readonly reports: number;
  readonly startMs: number;
  /** Acknowledged reports a second while publishing as fast as possible. */
  readonly logPerSecond: number;
  /** Reports a second from the first publish to nothing lagging. */
  readonly findingPerSecond: number;
  /** Of the whole process, start and stop included. */
  readonly cpuMsPerThousand: number;
  readonly peakMiB: number;
  readonly findings: number;
}

interface Ready {
  readonly http: number;
  readonly mqtt: number;
}

const PUBLISHER = fileURLToPath(new URL('workload-publisher.ts', import.meta.url));

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: stream });
  const [line] = (await once(lines, 'line')) as [string];
  return line;
}

async function publish(task: WorkloadTask): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', PUBLISHER, JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`the publisher ended with ${String(code)}`);
}

async function metric(http: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(http)}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

async function untilRead(http: number, reports: number): Promise<void> {
  const deadline = performance.now() + 600_000;
  while ((await metric(http, 'stackwarden_detect_received_total')) < reports) {
    if (performance.now() > deadline) throw new Error('detection did not catch up within ten minutes');
    await pause(50);
  }
}

async function countFindings(http: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${String(http)}/api/v1/findings?limit=1000`);
  return ((await answer.json()) as { items: unknown[] }).items.length;
}

export async function benchEmbedded(registry: string, workload: Workload): Promise<EmbeddedFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-bench-'));
  const begin = performance.now();
  const args = [
    'dist/cli/main.js',
    'start',
    '--insecure',
    '--json',
    '--http',
    '0',
    '--mqtt',
    '0',
    '--data',
    folder,
    '--registry',
    registry,
  ];
  const { child, cost } = startMeasured(args);
  if (child.stdout === null) throw new Error('the process has no output');
  const { http, mqtt } = JSON.parse(await firstLine(child.stdout)) as Ready;
  const startMs = performance.now() - begin;
  const reports = workload.sites * workload.hours * 60 * 4;
  const startAt = performance.now();
  await publish({ ...workload, port: mqtt, clients: 100, inFlight: 50 });
  const published = performance.now() - startAt;
  await untilRead(http, reports);
  const read = performance.now() - startAt;
  const findings = await countFindings(http);
  child.kill('SIGTERM');
  const { cpuMs, peakMiB } = await cost;
  rmSync(folder, { recursive: true, force: true });
  return {
    reports,
    startMs,
    logPerSecond: (reports * 1_000) / published,
    findingPerSecond: (reports * 1_000) / read,
    cpuMsPerThousand: (cpuMs * 1_000) / reports,
    peakMiB,
    findings,
  };
}
