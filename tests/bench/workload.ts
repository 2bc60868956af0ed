/**
 * A city's reports for benchmarks: per site and minute a stack monitor with six signals, a production and a treatment
 * meter and a camera, each site at its own second. Sites 0, 1 and 2 of every 20 have an exceedance, a frozen value and
 * a treatment that is off. Same arguments, same bytes.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createRandom } from '../support/seeded-random.ts';
import { formatInstant, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../contracts/time/instant.ts';

export interface Workload {
  readonly sites: number;
  readonly hours: number;
  /** Epoch ms of the first minute; absent = always the same. */
  readonly beginAt?: number;
}

const BEGIN = Date.UTC(2026, 10, 21, 16);
const OFFSET_MINUTES = 480;
const LIMIT = 100;
const REFERENCE = 10;

interface Site {
  readonly id: string;
  readonly second: number;
  readonly kind: number;
  readonly noise: () => number;
  readonly base: {
    readonly so2: number;
    readonly nox: number;
    readonly o2: number;
    readonly production: number;
    readonly treatment: number;
  };
  held: number | undefined;
}

function createSite(index: number): Site {
  const random = createRandom(1_000_003 + index);
  const next = (): number => random.below(1_000_000) / 1_000_000;
  const uniform = (low: number, high: number): number => low + (high - low) * next();
  return {
    id: `site-${String(index).padStart(5, '0')}`,
    second: index % 60,
    kind: index % 20,
    noise: () => next() + next() + next() - 1.5,
    base: {
      so2: uniform(10, 25),
      nox: uniform(40, 70),
      o2: uniform(9, 12),
      production: uniform(700, 1000),
      treatment: uniform(90, 140),
    },
    held: undefined,
  };
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

function lines(site: Site, minute: number, beginAt: number): string {
  const { base, noise } = site;
  const ts = formatInstant(beginAt + minute * MINUTE_MS + site.second * SECOND_MS, OFFSET_MINUTES);
  const o2 = round(base.o2 + 0.2 * noise(), 2);
  const exceeds = site.kind === 0 && minute >= HOUR_MS / MINUTE_MS && minute < (2 * HOUR_MS) / MINUTE_MS;
  const nox = exceeds ? ((LIMIT + 20) * (21 - o2)) / (21 - REFERENCE) + 3 * noise() : base.nox + 5 * noise();
  let so2 = round(Math.max(0.2, base.so2 + 2 * noise()), 2);
  if (site.kind === 1 && minute >= 70 && minute < 130) so2 = site.held ??= so2;
  const treatment = site.kind === 2 && minute >= 80 && minute < 110 ? 3 : base.treatment + 3 * noise();
  const head = `{"site":"${site.id}","device":`;
  const values = `"so2":${so2},"nox":${nox.toFixed(2)},"pm":${(4 + 0.4 * noise()).toFixed(2)},"o2":${o2},"flow":${(150_000 + 1_500 * noise()).toFixed(0)},"temp":${(98 + noise()).toFixed(1)}`;
  return (
    `${head}"cems-1","ts":"${ts}","values":{${values}},"seq":${minute}}\n` +
    `${head}"m-prod","ts":"${ts}","values":{"power":${(base.production + 12 * noise()).toFixed(1)}},"seq":${minute}}\n` +
    `${head}"m-treat","ts":"${ts}","values":{"power":${treatment.toFixed(1)}},"seq":${minute}}\n` +
    `${head}"cam-1","ts":"${ts}","values":{"online":1,"occluded":0,"running":1},"seq":${minute}}\n`
  );
}

/** Reports of a minute, in order of time. */
export function* workloadMinutes({ sites, hours, beginAt = BEGIN }: Workload): Generator<string> {
  const city = Array.from({ length: sites }, (_, index) => createSite(index)).sort(
    (a, b) => a.second - b.second || (a.id < b.id ? -1 : 1),
  );
  for (let minute = 0; minute < hours * 60; minute += 1)
    yield city.map((site) => lines(site, minute, beginAt)).join('');
}

/** @returns how many reports were written */
export async function writeWorkload(workload: Workload, path: string): Promise<number> {
  const file = createWriteStream(path);
  for (const text of workloadMinutes(workload)) if (!file.write(text)) await once(file, 'drain');
  file.end();
  await finished(file);
  return workload.sites * workload.hours * 60 * 4;
}

/** The registry that the workload fits, as JSON. */
export function workloadRegistry({ sites }: Workload): string {
  return JSON.stringify({
    version: 1,
    timezone: 'Asia/Shanghai',
    districts: [{ id: 'd1', name: '一分局' }],
    sites: Array.from({ length: sites }, (_, index) => ({
      id: `site-${String(index).padStart(5, '0')}`,
      name: `site-${index}`,
      district: 'd1',
      industry: 'cement',
      grade: 'B',
      devices: [
        { id: 'cems-1', kind: 'cems', every: 'PT1M' },
        { id: 'm-prod', kind: 'meter', every: 'PT1M' },
        { id: 'm-treat', kind: 'meter', every: 'PT1M' },
        { id: 'cam-1', kind: 'camera', every: 'PT1M' },
      ],
      outlets: [
        {
          id: 'stack',
          device: 'cems-1',
          o2Reference: REFERENCE,
          ranges: { so2: [0, 200], nox: [0, 300], pm: [0, 50], o2: [0, 25] },
          limits: [{ signal: 'nox', max: LIMIT, average: 'PT1H', from: '2020-01-01', source: 'bench' }],
        },
      ],
      lines: [
        {
          id: 'line',
          outlets: ['stack'],
          production: [{ device: 'm-prod', rated: 1200, on: 240 }],
          treatment: [{ device: 'm-treat', rated: 160, on: 30 }],
          cameras: ['cam-1'],
        },
      ],
    })),
  });
}
