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

const PROBES = 30;
const CITY_PER_SECOND = 485;
const MINUTE_MS = 60_000;
const LOST_MS = 60_000;

interface Running {
  readonly system: BenchSystem;
  readonly ingest: BenchStage;
  readonly api: BenchStage;
  readonly stages: readonly BenchStage[];
}

type Publish = (port: number, task: Partial<WorkloadTask>) => Promise<number>;
type StartChain = (servers: BenchServers, registry: string) => Promise<Running>;

/** One registry of the city and of the probes' sites. */
function registryOf(sites: number): string {
  const city = JSON.parse(workloadRegistry({ sites, hours: 1 })) as { sites: unknown[] };
  const probes = JSON.parse(probeRegistry(2 * PROBES, 'd1')) as { sites: unknown[] };
  return JSON.stringify({ ...city, sites: [...city.sites, ...probes.sites] });
}

async function findingOf(api: BenchStage, site: string): Promise<boolean> {
  const path = `/api/v1/findings?site=${site}&rule=limit.forecast`;
  const answer = await fetch(`http://127.0.0.1:${String(api.http)}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return ((await answer.json()) as { items: unknown[] }).items.length > 0;
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
  const begin = performance.now();
  void send('cems-1', Date.now(), { nox: PROBE_LIMIT * 100 });
  while (!(await findingOf(api, site))) {
    if (performance.now() - begin > LOST_MS) throw new Error(`no finding for ${site}`);
    await pause(10);
  }
  const ms = performance.now() - begin;
  await client.endAsync();
  return ms;
}

async function measureAt(running: Running, publish: Publish, perSecond: number, first: number): Promise<number[]> {
  const sites = 200;
  // Enough minutes of the workload for as long as the probes take, sent at this rate.
  const minutes = Math.ceil((perSecond * PROBES * 6) / (sites * 4));
  const sending = publish(running.ingest.mqtt, {
    sites,
    hours: minutes / 60,
    perSecond,
    beginAt: Date.now() - minutes * MINUTE_MS,
  });
  const times: number[] = [];
  await pause(3_000);
  for (let index = 0; index < PROBES; index += 1) times.push(await probe(running, first + index));
  await sending;
  return times;
}

export async function measureLatency(servers: BenchServers, publish: Publish, startChain: StartChain): Promise<Row[]> {
  const running = await startChain(servers, registryOf(200));
  const rows: Row[] = [];
  for (const [at, factor] of [1, 10].entries()) {
    const perSecond = CITY_PER_SECOND * factor;
    const times = await measureAt(running, publish, perSecond, at * PROBES);
    const ms = (share: number): string => percentile(times, share).toFixed(0);
    rows.push({
      what: `report sent → finding in an answer of the API, at ${perSecond.toLocaleString('en')} reports/s, ${String(PROBES)} times`,
      figure: `p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms`,
      goal: factor === 1 ? 'p99 ≤ 1 s' : '',
    });
  }
  await running.system.stop();
  return rows;
}
