/** From a device's report to the finding in an answer of the API, while a city sends beside it, and ten of them. */
import { connectAsync } from 'mqtt';
import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '../benchmarks-page.ts';
import { PROBE_LIMIT, probeRegistry, probeSite } from '../city/city-registry.ts';
import { percentile } from '../percentile.ts';
import type { WorkloadTask } from '../workload-publisher.ts';
import { workloadRegistry } from '../workload.ts';
import type { BenchServers } from './bench-servers.ts';
import type { BenchStage, BenchSystem } from './bench-stages.ts';

const SITES = 200;
const CITY_PER_SECOND = 485;
const MINUTE_MS = 60_000;
const LOST_MS = 60_000;
/** The load goes on for so long for each probe, which takes less. */
const LOAD_S = 6;
const LOOK_EVERY_MS = 15;
/** More often for so long would be more questions than the API answers a client in a minute. */
const SELDOM_AFTER_MS = 1_000;
const SELDOM_EVERY_MS = 100;

interface Running {
  readonly system: BenchSystem;
  readonly ingest: BenchStage;
  readonly api: BenchStage;
  readonly stages: readonly BenchStage[];
}

type Publish = (port: number, task: Partial<WorkloadTask>) => Promise<number>;
type StartChain = (servers: BenchServers, registry: string) => Promise<Running>;

/** One registry of the city and of the probes' sites. */
function registryOf(probes: number): string {
  const city = JSON.parse(workloadRegistry({ sites: SITES, hours: 1 })) as { sites: unknown[] };
  const probed = JSON.parse(probeRegistry(probes, 'd1')) as { sites: unknown[] };
  return JSON.stringify({ ...city, sites: [...city.sites, ...probed.sites] });
}

async function findingOf(api: BenchStage, site: string): Promise<boolean> {
  const path = `/api/v1/findings?site=${site}&rule=limit.forecast`;
  const answer = await fetch(`http://127.0.0.1:${String(api.http)}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return ((await answer.json()) as { items: unknown[] }).items.length > 0;
}

/** @returns ms until the finding is in an answer; Infinity where it is not within a minute */
async function untilFound(api: BenchStage, site: string): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const isThere = await findingOf(api, site);
    const ms = performance.now() - begin;
    if (isThere) return ms;
    if (ms > LOST_MS) return Number.POSITIVE_INFINITY;
    await pause(ms < SELDOM_AFTER_MS ? LOOK_EVERY_MS : SELDOM_EVERY_MS);
  }
}

/** An hour that one report makes hopeless, each time at another site. @returns ms until the finding is in an answer */
async function probe({ ingest, api }: Running, index: number): Promise<number> {
  const site = probeSite(index);
  const client = await connectAsync(`mqtt://127.0.0.1:${String(ingest.mqtt)}`, { clientId: `probe-${String(index)}` });
  const send = async (device: string, at: number, values: Record<string, number>): Promise<void> => {
    const payload = JSON.stringify({ ts: new Date(at).toISOString(), values });
    await client.publishAsync(`stackwarden/v1/${site}/${device}/report`, payload, { qos: 1 });
  };
  const now = Date.now();
  for (let at = now - (now % (60 * MINUTE_MS)); at + MINUTE_MS <= now; at += MINUTE_MS) {
    await send('m-prod', at, { power: 800 });
    await send('cems-1', at, { nox: PROBE_LIMIT / 2 });
  }
  await pause(3_000);
  await send('m-prod', Date.now(), { power: 800 });
  const acknowledged = send('cems-1', Date.now(), { nox: PROBE_LIMIT * 100 });
  const ms = await untilFound(api, site);
  await acknowledged;
  await client.endAsync();
  return ms;
}

interface Load {
  readonly perSecond: number;
  readonly probes: number;
}

/**
 * Of each probe. Fewer than were wanted, and the last one's perhaps Infinity, where more is sent than this machine can
 * check: what waits grows for as long as it is sent.
 */
async function measureAt(running: Running, publish: Publish, { perSecond, probes }: Load): Promise<number[]> {
  const minutes = Math.ceil((perSecond * probes * LOAD_S) / (SITES * 4));
  let isSending = true;
  const sending = publish(running.ingest.mqtt, {
    sites: SITES,
    hours: minutes / 60,
    perSecond,
    beginAt: Date.now() - minutes * MINUTE_MS,
  }).then(() => {
    isSending = false;
  });
  const times: number[] = [];
  await pause(3_000);
  while (isSending && times.length < probes && times.at(-1) !== Number.POSITIVE_INFINITY)
    times.push(await probe(running, times.length));
  await sending;
  return times;
}

const tell = (ms: number): string => (Number.isFinite(ms) ? `${ms.toFixed(0)} ms` : `> ${String(LOST_MS / 1_000)} s`);

/** Cores that are used from here on, on average. */
function countCores({ stages }: Running, servers: BenchServers): () => string {
  const ours = (): number => stages.reduce((sum, stage) => sum + stage.cpuMs(), 0);
  const began = { at: performance.now(), ours: ours(), servers: servers.cpuMs() };
  return () => {
    const ms = performance.now() - began.at;
    const cores = (cpuMs: number, before: number): string => ((cpuMs - before) / ms).toFixed(2);
    return `${cores(ours(), began.ours)} cores of ours, ${cores(servers.cpuMs(), began.servers)} of Kafka and InfluxDB`;
  };
}

export interface LatencyBench {
  readonly publish: Publish;
  readonly startChain: StartChain;
  /** At each rate. */
  readonly probes: number;
}

export async function measureLatency(
  servers: BenchServers,
  { publish, startChain, probes }: LatencyBench,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const factor of [1, 10]) {
    // A new one each time: to sites that were here before, the hours of a faster load would be late data.
    const running = await startChain(servers, registryOf(probes));
    const perSecond = CITY_PER_SECOND * factor;
    const cores = countCores(running, servers);
    const times = await measureAt(running, publish, { perSecond, probes });
    rows.push({
      what: `report sent → finding in an answer of the API, at ${perSecond.toLocaleString('en')} reports/s, ${String(times.length)} times`,
      figure: `p50 ${tell(percentile(times, 0.5))}, p99 ${tell(percentile(times, 0.99))}; ${cores()}`,
      goal: factor === 1 ? 'p99 ≤ 1 s' : '',
    });
    await running.system.stop();
  }
  return rows;
}
