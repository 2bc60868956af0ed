/** How long a large city's registry takes to be read: one YAML file, the same as JSON, and a folder of small files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegistryFiles } from '../../cli/registry-files.ts';
import { readRegistry, type RegistryText } from '../../contracts/registry/read-registry.ts';

export interface RegistryFigures {
  readonly name: 'registry';
  readonly sites: number;
  /** Size of the one YAML file, MB. */
  readonly yamlMb: number;
  readonly yamlMs: number;
  readonly jsonMs: number;
  /** A folder of one file for each hundred sites, reading from the disk included. */
  readonly folderMs: number;
  /** The YAML file with a misspelt key at every site: as many problems, each with its line. */
  readonly faultyMs: number;
  /** Growth of resident memory over all of it, MiB. */
  readonly grownMiB: number;
}

const HEAD = 'version: 1\ntimezone: Asia/Shanghai\ndistricts:\n  - {id: d1, name: 一分局}\n';

/** One site as in the contract's example: 4 devices, an outlet with 2 limits, a line with its plan. */
function siteText(index: number): string {
  const number = String(index).padStart(5, '0');
  return `  - id: site-${number}
    name: 示例水泥厂${number}
    district: d1
    industry: cement
    grade: B                 # as graded in the spring
    positiveList: true
    guaranteed: false
    permit: 91410183MA0000000X001P
    contacts: [{name: 值班室, phone: "0371-00000000"}]
    location: [113.39, 34.54]
    devices:
      - {id: cems-1, kind: cems, every: PT1M, mn: "410183${number}"}
      - {id: m-kiln, kind: meter, every: PT1M, ctRatio: 200}
      - {id: m-bag, kind: meter, every: PT1M}
      - {id: cam-1, kind: camera, every: PT1M}
    outlets:
      - id: kiln-tail
        device: cems-1
        o2Reference: 10
        ranges: {so2: [0, 200], nox: [0, 500], pm: [0, 50], o2: [0, 25]}
        limits:
          - {signal: nox, max: 100, average: PT1H, from: 2024-01-01, to: null, source: "DB41/1953-2020"}
          - {signal: nox, max: 100, average: P1D, from: 2024-01-01}
    lines:
      - id: kiln-1
        outlets: [kiln-tail]
        production: [{device: m-kiln, rated: 1200, on: 240}]
        treatment: [{device: m-bag, rated: 160, on: 30, stage: dust}]
        cameras: [cam-1]
        baseline: {kWhPerHour: 900, source: "一厂一策 2025"}
        plan:
          - {level: orange, measure: reduce, percent: 50, graceMinutes: 240}
          - {level: red, measure: stop, graceMinutes: 1440}
`;
}

/** A sound registry of that many sites in block style. */
function cityRegistry(sites: number): string {
  return `${HEAD}sites:\n${Array.from({ length: sites }, (_, index) => siteText(index)).join('')}`;
}

function timed(files: readonly RegistryText[], sites: number, problems: number): number {
  const startedAt = performance.now();
  const read = readRegistry(files);
  const ms = performance.now() - startedAt;
  if (read.problems.length !== problems || (problems === 0 && read.registry?.sites.size !== sites)) {
    throw new Error(`registry benchmark: ${read.problems.length} problems, expected ${problems}`);
  }
  return Math.round(ms);
}

async function timedFolder(sites: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-bench-'));
  try {
    await writeFile(join(folder, 'districts.yaml'), HEAD);
    for (let start = 0; start < sites; start += 100) {
      const length = Math.min(100, sites - start);
      const entries = Array.from({ length }, (_, index) => siteText(start + index));
      await writeFile(join(folder, `sites-${String(start).padStart(6, '0')}.yaml`), `sites:\n${entries.join('')}`);
    }
    const startedAt = performance.now();
    const files = await loadRegistryFiles(folder);
    const loadMs = performance.now() - startedAt;
    return Math.round(loadMs) + timed(files, sites, 0);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param sites the goal is 10,000 in less than 3 s */
export async function benchRegistry(sites = 10_000): Promise<RegistryFigures> {
  const before = process.memoryUsage().rss;
  const yaml = cityRegistry(sites);
  const yamlMs = timed([{ name: 'city.yaml', text: yaml }], sites, 0);
  const folderMs = await timedFolder(sites);
  const faultyMs = timed([{ name: 'city.yaml', text: yaml.replaceAll('cameras:', 'camera:') }], sites, sites);
  const jsonMs = timed([{ name: 'city.json', text: cityJson(sites) }], sites, 0);
  const grownMiB = Math.round((process.memoryUsage().rss - before) / 1_048_576);
  const yamlMb = Math.round(Buffer.byteLength(yaml) / 100_000) / 10;
  return { name: 'registry', sites, yamlMb, yamlMs, jsonMs, folderMs, faultyMs, grownMiB };
}

/** As a program would write it: a device, an outlet and a line a site. */
function cityJson(sites: number): string {
  const entries = Array.from({ length: sites }, (_, index) => ({
    id: `site-${index}`,
    name: `厂${index}`,
    district: 'd1',
    industry: 'cement',
    grade: 'B',
    devices: [
      { id: 'cems-1', kind: 'cems', every: 'PT1M' },
      { id: 'm-kiln', kind: 'meter', every: 'PT1M' },
      { id: 'm-bag', kind: 'meter', every: 'PT1M' },
      { id: 'cam-1', kind: 'camera', every: 'PT1M' },
    ],
    outlets: [
      {
        id: 'stack',
        device: 'cems-1',
        o2Reference: 10,
        ranges: { nox: [0, 300], o2: [0, 25] },
        limits: ['PT1H', 'P1D'].map((average) => ({ signal: 'nox', max: 100, average, from: '2020-01-01' })),
      },
    ],
    lines: [
      {
        id: 'line',
        outlets: ['stack'],
        production: [{ device: 'm-kiln', rated: 1200, on: 240 }],
        treatment: [{ device: 'm-bag', rated: 160, on: 30 }],
        cameras: ['cam-1'],
      },
    ],
  }));
  return JSON.stringify({ version: 1, districts: [{ id: 'd1', name: '一分局' }], sites: entries });
}
