/**
 * `npm run bench:city`: the city of real size at real cadence, from one command, while 50 readers follow the live stream
 * and 18 questions a second are asked, which is about what one caller may. Says how far detection lags, how long answers take, how long a report is on its
 * way until its finding can be read, and what the process costs. `--minutes N` (5) of watching.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { connectFrame, publishFrame } from '../support/publish-frame.ts';
import { startMeasured } from './measured-process.ts';

const READERS = 50;
const QUESTIONS_PER_SECOND = 18;
const PROBES = 60;
const DESKS = 10;
const LONGEST_CATCH_UP_MS = 900_000;

interface Ready {
  readonly http: number;
  readonly mqtt: number;
}

interface SiteItem {
  readonly id: string;
}

function argument(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

class City {
  readonly #base: string;
  readonly #mqtt: number;
  readonly pid: number;
  readonly #keys: readonly string[];
  #asked = 0;

  constructor(ready: Ready, pid: number, keys: readonly string[]) {
    this.#keys = keys;
    this.#base = `http://127.0.0.1:${String(ready.http)}`;
    this.#mqtt = ready.mqtt;
    this.pid = pid;
  }

  /** Asked by one desk of several: each has its own key, and its own share of requests. */
  async json(path: string): Promise<unknown> {
    this.#asked += 1;
    const authorization = `Bearer ${this.#keys[this.#asked % this.#keys.length] ?? ''}`;
    const answer = await fetch(`${this.#base}${path}`, { headers: { authorization } });
    if (!answer.ok) throw new Error(`${path} answered ${String(answer.status)}: ${await answer.text()}`);
    return answer.json();
  }

  async metrics(): Promise<(name: string) => number> {
    const text = await (await fetch(`${this.#base}/metrics`)).text();
    return (name) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  }

  async sites(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const page = (await this.json(`/api/v1/sites?limit=1000${cursor}`)) as { items: SiteItem[]; next: string | null };
      ids.push(...page.items.map(({ id }) => id));
      if (page.next === null) return ids;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  }

  /** A reader of the live stream; `onFinding` hears the site of each finding of a rule. */
  follow(onFinding?: (rule: string, site: string) => void): () => number {
    let events = 0;
    let rest = '';
    const headers = { authorization: `Bearer ${this.#keys[0] ?? ''}` };
    get(`${this.#base}/api/v1/events/stream`, { headers }, (answer) => {
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          events += 1;
          const data = /^data: (\{.*\})$/m.exec(frame)?.[1];
          if (onFinding === undefined || data === undefined || !frame.includes('event: finding')) continue;
          const { rule, site } = JSON.parse(data) as { rule: string; site: string };
          onFinding(rule, site);
        }
      });
    }).on('error', () => undefined);
    return () => events;
  }

  async publisher(): Promise<{ publish: (topic: string, payload: unknown) => Promise<void>; end: () => void }> {
    const socket: Socket = connect({ host: '127.0.0.1', port: this.#mqtt, noDelay: true });
    socket.write(connectFrame({ clientId: 'bench-probe' }));
    await once(socket, 'data');
    let id = 0;
    return {
      async publish(topic, payload) {
        id = (id % 65_535) + 1;
        socket.write(publishFrame(topic, JSON.stringify(payload), id));
        await once(socket, 'data');
      },
      end: () => socket.end(),
    };
  }

  /** Kilobytes of the process as the system counts them. */
  residentMiB(): number {
    const status = readFileSync(`/proc/${String(this.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024;
  }

  /** User and system time of all its threads, ms. */
  cpuMs(): number {
    const fields =
      readFileSync(`/proc/${String(this.pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}

function addKeys(data: string): readonly string[] {
  return Array.from({ length: DESKS }, (_, index) => {
    const args = [
      'dist/cli/main.js',
      'keys',
      'add',
      `desk-${String(index)}`,
      '--role',
      'watch',
      '--data',
      data,
      '--json',
    ];
    return (JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as { secret: string }).secret;
  });
}

async function untilLive(city: City): Promise<number> {
  const begin = performance.now();
  for (let calm = 0; calm < 10;) {
    const metric = await city.metrics();
    calm =
      metric('stackwarden_detect_lag_records') < 2_000 && metric('stackwarden_ingest_connections') > 3_000
        ? calm + 1
        : 0;
    if (performance.now() - begin > LONGEST_CATCH_UP_MS) throw new Error('the city did not come to real time');
    await pause(1_000);
  }
  return performance.now() - begin;
}

function questions(sites: readonly string[]): (index: number) => string {
  const now = Date.now();
  const from = encodeURIComponent(new Date(now - 3_600_000).toISOString());
  const to = encodeURIComponent(new Date(now).toISOString());
  return (index) => {
    const site = sites[(index * 7_919) % sites.length] ?? '';
    const paths = [
      '/api/v1/findings?limit=50',
      `/api/v1/sites/${site}`,
      `/api/v1/findings?site=${site}`,
      `/api/v1/means?site=${site}&from=${from}&to=${to}`,
      '/api/v1/sites?limit=50',
    ];
    return paths[index % paths.length] as string;
  };
}

interface Probing {
  readonly publish: (topic: string, payload: unknown) => Promise<void>;
  /** Resolves when the live stream tells of changed settings at the site. */
  readonly told: (site: string) => Promise<void>;
}

/** How long it takes from a report's sending until its finding is told: settings changed without maintenance. */
async function probe(site: string, { publish, told }: Probing): Promise<number> {
  const topic = `stackwarden/v1/${site}/cam-1/report`;
  const report = (focus: number): unknown => ({ ts: new Date().toISOString(), values: {}, parameters: { focus } });
  await publish(topic, report(1));
  await pause(5_000);
  const finding = told(site);
  const begin = performance.now();
  await publish(topic, report(2));
  await finding;
  return performance.now() - begin;
}

async function watch(city: City, minutes: number): Promise<void> {
  const sites = await city.sites();
  const ask = questions(sites);
  const readers = Array.from({ length: READERS }, () => city.follow());
  const latencies: number[] = [];
  const lags: number[] = [];
  const ages: number[] = [];
  const yards = sites.filter((id) => id.startsWith('yard-'));
  const { publish, end } = await city.publisher();
  const waiting = new Map<string, () => void>();
  city.follow((rule, site) => {
    if (rule === 'falsification.parameter') waiting.get(site)?.();
  });
  const told = (site: string): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(site, resolve);
    });
  const probing = Promise.all(
    yards.slice(0, PROBES).map(async (site, index) => {
      await pause((index * minutes * 50_000) / PROBES);
      return probe(site, { publish, told });
    }),
  );
  const begin = performance.now();
  const cpuBefore = city.cpuMs();
  const received = (await city.metrics())('stackwarden_detect_received_total');
  for (let index = 0; performance.now() - begin < minutes * 60_000; index += 1) {
    const at = begin + (index * 1_000) / QUESTIONS_PER_SECOND;
    if (at > performance.now()) await pause(at - performance.now());
    const asked = performance.now();
    void city.json(ask(index)).then(() => latencies.push(performance.now() - asked));
    if (index % (QUESTIONS_PER_SECOND * 5) !== 0) continue;
    const metric = await city.metrics();
    lags.push(metric('stackwarden_detect_lag_records'));
    ages.push(metric('stackwarden_detect_oldest_unread_seconds'));
  }
  const seconds = (performance.now() - begin) / 1_000;
  const rate = ((await city.metrics())('stackwarden_detect_received_total') - received) / seconds;
  const cores = (city.cpuMs() - cpuBefore) / 1_000 / seconds;
  const found = await probing;
  end();
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  say(`${String(sites.length)} sites, ${rate.toFixed(0)} reports/s over ${seconds.toFixed(0)} s`);
  say(
    `lag: ${String(percentile(lags, 0.5))} records (median), ${String(Math.max(...lags))} at most; oldest unread ${percentile(ages, 0.99).toFixed(2)} s at most`,
  );
  say(
    `API, ${String(QUESTIONS_PER_SECOND)} questions/s beside ${String(READERS)} readers: p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`,
  );
  say(
    `report sent → finding told (${String(found.length)} times): p50 ${percentile(found, 0.5).toFixed(0)} ms, p99 ${percentile(found, 0.99).toFixed(0)} ms`,
  );
  say(
    `server: ${cores.toFixed(2)} cores, ${city.residentMiB().toFixed(0)} MiB; each reader saw ${String(readers[0]?.() ?? 0)} events`,
  );
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'stackwarden-city-'));
const args = [
  'dist/cli/main.js',
  'start',
  '--scenario',
  'city',
  '--insecure',
  '--json',
  '--http',
  '0',
  '--mqtt',
  '0',
  '--data',
  folder,
];
const { child, cost } = startMeasured(args);
if (child.stdout === null || child.pid === undefined) throw new Error('the process has no output');
const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
const city = new City(JSON.parse(line) as Ready, child.pid, addKeys(folder));
try {
  process.stdout.write(`at real time after ${((await untilLive(city)) / 1_000).toFixed(0)} s\n`);
  await watch(city, argument('minutes', 5));
} finally {
  child.kill('SIGTERM');
  process.stdout.write(`peak ${(await cost).peakMiB.toFixed(0)} MiB\n`);
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
