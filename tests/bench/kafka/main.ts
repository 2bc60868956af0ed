/**
 * `npm run bench:kafka`: production on real servers of its own: MQTT to Kafka, Kafka to findings with one detector and
 * with two, everything at once into InfluxDB, latency at the rate of a city and of ten, catching up after an outage, and
 * what a report takes on the disks. With `--write` it becomes a part of docs/benchmarks.md; `--quick` is a sixth of it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { commandBuilt } from '../../end-to-end/built-command.ts';
import { expectPart, measuredTable, printRows, writePart, type Row } from '../benchmarks-page.ts';
import type { WorkloadTask } from '../workload-publisher.ts';
import { workloadRegistry } from '../workload.ts';
import { holdTo } from './held-to.ts';
import { upServers, type BenchServers } from './bench-servers.ts';
import { openBenchSystem, untilSo, type BenchStage, type BenchSystem } from './bench-stages.ts';
import { measureLatency } from './latency.ts';

const PART = 'kafka';
const isToWrite = process.argv.includes('--write');
if (isToWrite) expectPart(PART);
const isQuick = process.argv.includes('--quick');
const hours = isQuick ? 1 : 6;
const PROBES = isQuick ? 5 : 30;
const SITES = 200;
const REPORTS = SITES * hours * 60 * 4;
const PUBLISHER = fileURLToPath(new URL('../workload-publisher.ts', import.meta.url));
const DETECTED = 'stackwarden_detect_records_total';

const beginAt = (): number => Date.now() - hours * 3_600_000 - 120_000;
const registry = workloadRegistry({ sites: SITES, hours });
const number = (value: number, decimals = 1): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toFixed(decimals);
const perThousand = (cpuMs: number, count = REPORTS): string => `${number((cpuMs * 1_000) / count)} ms CPU per 1,000`;

/** @returns ms that it took */
async function publish(port: number, task: Partial<WorkloadTask> = {}): Promise<number> {
  const whole: WorkloadTask = {
    sites: SITES,
    hours,
    beginAt: beginAt(),
    port,
    clients: 100,
    inFlight: 50,
    isLive: true,
    ...task,
  };
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', PUBLISHER, JSON.stringify(whole)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`the publisher ended with ${String(code)}`);
  return performance.now() - begin;
}

async function total(stages: readonly BenchStage[], name: string): Promise<number> {
  const each = await Promise.all(stages.map((stage) => stage.metric(name)));
  return each.reduce((sum, value) => sum + value, 0);
}

interface Found {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** Of a core, for each detector that is held back: three of them and Kafka find room on two. */
const HELD_TO = 0.3;

/**
 * The log as it is, through so many detectors that begin with it.
 * @param cores that each of them is held to @returns undefined where it cannot be held
 */
async function detect(system: BenchSystem, count: number, cores?: number): Promise<Found | undefined> {
  const stages = await Promise.all(Array.from({ length: count }, () => system.start('detect')));
  const held = cores === undefined ? [] : stages.map(({ pid }) => holdTo(pid, cores));
  await untilSo(async () => (await total(stages, DETECTED)) > 0, 20);
  const begin = performance.now();
  await untilSo(async () => (await total(stages, DETECTED)) >= REPORTS);
  const ms = performance.now() - begin;
  const cpuMs = stages.reduce((sum, stage) => sum + stage.cpuMs(), 0);
  const peakMb = Math.max(...stages.map((stage) => stage.peakMb()));
  await Promise.all(stages.map((stage) => stage.stop()));
  for (const letGo of held) letGo?.();
  return held.includes(undefined) ? undefined : { perSecond: (REPORTS * 1_000) / ms, cpuMs, peakMb };
}

/** The same log anew, for detectors that have not seen it. */
async function detectAnew(servers: BenchServers, count: number, cores?: number): Promise<Found | undefined> {
  const system = await openBenchSystem(servers, registry);
  const ingest = await system.start('ingest', '--mqtt', '0');
  await publish(ingest.mqtt);
  await ingest.stop();
  const found = await detect(system, count, cores);
  await system.stop();
  return found;
}

/** What another process adds where there is room for it: each is held to a part of a core. */
async function detectHeld(servers: BenchServers): Promise<Row[]> {
  const counts = [1, 2, 3];
  const found: (Found | undefined)[] = [];
  for (const count of counts) found.push(await detectAnew(servers, count, HELD_TO));
  const single = found[0]?.perSecond ?? Number.NaN;
  const figures = found.map((one) =>
    one === undefined ? '' : `${number(one.perSecond)}/s (${(one.perSecond / single).toFixed(2)} ×)`,
  );
  return [
    {
      what: `Kafka → findings, detectors that are held to ${String(HELD_TO)} of a core each: ${counts.join(', ')} of them`,
      figure: found.includes(undefined) ? 'not measured: processes cannot be held back here' : figures.join(', '),
      goal: '≥ 1.7 × with two',
    },
  ];
}

function expectFound(found: Found | undefined): Found {
  if (found === undefined) throw new Error('nothing was held back, and nothing was measured');
  return found;
}

async function logAndDetect(servers: BenchServers): Promise<Row[]> {
  const before = servers.diskMb('kafka');
  const one = await openBenchSystem(servers, registry);
  const ingest = await one.start('ingest', '--mqtt', '0');
  const ms = await publish(ingest.mqtt);
  const ingestCpuMs = ingest.cpuMs();
  const ingestMb = ingest.peakMb();
  await ingest.stop();
  const logMb = servers.diskMb('kafka') - before;
  const single = expectFound(await detect(one, 1));
  const detectedMb = servers.diskMb('kafka') - before - logMb;
  await one.stop();
  const double = expectFound(await detectAnew(servers, 2));
  return [
    {
      what: `MQTT QoS 1 → Kafka (acks all), PUBACK after delivery, ${number(REPORTS)} reports`,
      figure: `${number((REPORTS * 1_000) / ms)}/s, ${perThousand(ingestCpuMs)}, ${number(ingestMb, 0)} MB at most`,
      goal: '≥ 13,000/s, ≤ 54 ms',
    },
    {
      what: 'Kafka → findings, one detector, with transactions',
      figure: `${number(single.perSecond)}/s, ${perThousand(single.cpuMs)}, ${number(single.peakMb, 0)} MB at most`,
      goal: '',
    },
    {
      what: 'the same with two detectors',
      figure: `${number(double.perSecond)}/s (${(double.perSecond / single.perSecond).toFixed(2)} ×), ${perThousand(double.cpuMs)}`,
      goal: '≥ 1.7 × where cores allow',
    },
    {
      what: 'a report on Kafka’s disk: in the log; with what detection makes of it',
      figure: `${number((logMb * 1e6) / REPORTS, 0)} bytes; ${number(((logMb + detectedMb) * 1e6) / REPORTS, 0)} bytes`,
      goal: '',
    },
  ];
}

interface Chain {
  readonly system: BenchSystem;
  readonly ingest: BenchStage;
  readonly stages: readonly BenchStage[];
  readonly detector: BenchStage;
  readonly api: BenchStage;
  readonly series: BenchStage;
}

async function startChain(servers: BenchServers, text = registry): Promise<Chain> {
  const system = await openBenchSystem(servers, text);
  const [ingest, detector, api, series] = [
    await system.start('ingest', '--mqtt', '0'),
    await system.start('detect'),
    await system.start('api'),
    await system.start('series'),
  ];
  return { system, ingest, detector, api, series, stages: [ingest, detector, api, series] };
}

const NOT_SHOWN = 'stackwarden_api_log_lag_records';
/** Ticks, and ends of transactions. */
const FEW_RECORDS = 100;
const SERIES_WRITTEN = 'stackwarden_series_samples_total';

async function wholeChain(servers: BenchServers): Promise<Row[]> {
  const chain = await startChain(servers);
  const diskBefore = servers.diskMb('influx');
  const serversBefore = servers.cpuMs();
  const begin = performance.now();
  await publish(chain.ingest.mqtt);
  await untilSo(async () => (await chain.detector.metric(DETECTED)) >= REPORTS);
  await untilSo(async () => (await chain.series.metric(SERIES_WRITTEN)) >= REPORTS);
  await untilSo(async () => (await chain.api.metric(NOT_SHOWN)) <= FEW_RECORDS);
  const ms = performance.now() - begin;
  const cpuMs = chain.stages.reduce((sum, stage) => sum + stage.cpuMs(), 0);
  const serversCpuMs = servers.cpuMs() - serversBefore;
  const byStage = (['ingest', 'detector', 'api', 'series'] as const).map(
    (stage) => `${stage} ${number((chain[stage].cpuMs() * 1_000) / REPORTS)}`,
  );
  const diskMb = servers.diskMb('influx') - diskBefore;
  await chain.system.stop();
  return [
    {
      what: 'MQTT → Kafka → rules → InfluxDB and the API’s copy, everything on this machine, nothing lagging',
      figure: `${number((REPORTS * 1_000) / ms)}/s; our processes ${perThousand(cpuMs)}; Kafka and InfluxDB ${perThousand(serversCpuMs)}`,
      goal: '≥ 5,000/s, ≤ 100 ms',
    },
    { what: 'of our processes, ms CPU per 1,000 reports', figure: byStage.join(', '), goal: '' },
    { what: 'a report in InfluxDB', figure: `${number((diskMb * 1e6) / REPORTS, 0)} bytes`, goal: '' },
  ];
}

async function catchUp(servers: BenchServers): Promise<Row[]> {
  const chain = await startChain(servers);
  await chain.detector.stop();
  await publish(chain.ingest.mqtt);
  const detector = await chain.system.start('detect');
  await untilSo(async () => (await detector.metric(DETECTED)) > 0, 20);
  const begin = performance.now();
  await untilSo(async () => (await detector.metric(DETECTED)) >= REPORTS);
  const ms = performance.now() - begin;
  await chain.system.stop();
  const perSecond = (REPORTS * 1_000) / ms;
  return [
    {
      what: `catching up after detection was away for ${String(hours)} h of 200 sites`,
      figure: `${number(perSecond)}/s: ${number(perSecond / 485, 0)} × the rate of a city`,
      goal: '≥ 10 ×',
    },
  ];
}

const servers = upServers();
const rows: Row[] = [];
try {
  await commandBuilt();
  const parts = [
    logAndDetect,
    detectHeld,
    wholeChain,
    catchUp,
    (its: BenchServers): Promise<Row[]> => measureLatency(its, { publish, startChain, probes: PROBES }),
  ];
  for (const part of parts) {
    const some = await part(servers);
    printRows(some);
    rows.push(...some);
  }
} finally {
  servers.down();
}
if (isToWrite) writePart(PART, measuredTable('npm run bench:kafka -- --write', rows));
