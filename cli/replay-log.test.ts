import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '../contracts/log-record.ts';
import { runReplay } from './commands/replay.ts';

const HOURS = ['08', '09', '10'];
const at = (hour: string): string => `2026-11-22T${hour}:00:00+08:00`;

const REGISTRY = `version: 1
timezone: Asia/Shanghai
districts: [{ id: north, name: 北区分局 }]
sites:
${['kiln', 'mill', 'oven']
  .map(
    (id) => `  - id: ${id}
    name: 窑
    district: north
    industry: cement
    devices: [{ id: cems-1, kind: cems, every: PT1H }]
    outlets:
      - { id: tail, device: cems-1, limits: [{ signal: nox, max: 100, average: PT1H, from: 2024-01-01 }] }
`,
  )
  .join('')}`;

const registryEntry: LogEntry = {
  kind: 'registry',
  received: Date.parse(at('07')),
  files: [{ name: 'registry.yaml', text: REGISTRY }],
};

/** An hour above the limit and two below, and something that is no report. */
function reportsOf(site: string): LogEntry[] {
  const reports = HOURS.map((hour, i): LogEntry => {
    const body = JSON.stringify({ ts: at(hour), period: 'PT1H', values: { nox: i === 0 ? 120 : 60 } });
    return { kind: 'report', received: Date.parse(at(hour)) + 3_600_000, site, device: 'cems-1', body };
  });
  return [...reports, { kind: 'report', received: Date.parse(at('11')), site, device: 'cems-1', body: '{}' }];
}

let folder = '';
const path = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-log-'));
});
afterEach(async () => rm(folder, { recursive: true }));

/** @param first offset of the first record; with a head the file is a partition */
async function write(name: string, entries: readonly LogEntry[], head?: object, first = 0): Promise<string> {
  const lines = entries.map((entry, i) => JSON.stringify({ ...entry, offset: first + i }));
  await writeFile(path(name), [...(head === undefined ? [] : [JSON.stringify(head)]), ...lines].join('\n'));
  return path(name);
}

const headOf = (partition: number, first = 0, partitions = 3): object => ({
  kind: 'partition',
  partition,
  partitions,
  first,
});

interface Replayed {
  readonly findings: string;
  readonly means: string;
  readonly letters: string;
  readonly said: string;
}

async function replay(log: readonly string[], registry?: string): Promise<Replayed> {
  const [findings, means, deadLetters] = [path('findings'), path('means'), path('letters')];
  let said = '';
  const given = registry === undefined ? {} : { registry };
  const stderr = {
    write: (text: string) => {
      said += text;
    },
  };
  expect(await runReplay({ log, findings, means, deadLetters, ...given }, stderr)).toBe(0);
  const read = (file: string): Promise<string> => readFile(file, 'utf8');
  return { findings: await read(findings), means: await read(means), letters: await read(deadLetters), said };
}

describe('the partitions of a log', () => {
  it('are replayed to what the undivided log gives, in any order of the files', async () => {
    const sites = ['kiln', 'mill', 'oven'];
    const hours = HOURS.flatMap((_, i) => sites.map((site) => reportsOf(site)[i]!));
    const whole = await replay([await write('whole', [registryEntry, ...hours])]);
    const files = [];
    for (const [partition, site] of sites.entries())
      files.push(await write(`p${partition}`, [registryEntry, ...reportsOf(site).slice(0, 3)], headOf(partition)));
    const divided = await replay([files[2]!, files[0]!, files[1]!]);
    expect(divided).toEqual({ ...whole, said: expect.stringMatching(/^9 reports/) });
    expect(whole.findings.split('\n').length).toBeGreaterThan(3);
    expect(whole.means).not.toBe('');
  });

  it('name their dead letters by partition', async () => {
    const files = [
      await write('p0', [registryEntry, ...reportsOf('kiln')], headOf(0)),
      await write('p2', [registryEntry, ...reportsOf('mill')], headOf(2)),
    ];
    const { letters, said } = await replay(files);
    expect([...letters.matchAll(/"id":"(dl[^"]*)"/g)].map(([, id]) => id)).toEqual(['dl-0-4', 'dl-2-4']);
    expect(said).toContain('partitions 1 of the log are not among the files');
  });

  it('may each be several files, in the order of their export', async () => {
    const [first, rest] = [reportsOf('kiln').slice(0, 1), reportsOf('kiln').slice(1, 3)];
    const one = await replay([await write('p0', [registryEntry, ...first, ...rest], headOf(0, 0, 1))]);
    const parts = [
      await write('a', [registryEntry, ...first], headOf(0, 0, 1)),
      await write('b', rest, headOf(0, 0, 1), 2),
    ];
    expect(await replay(parts)).toEqual({ ...one, said: expect.any(String) });
    await expect(replay(parts.toReversed())).rejects.toThrow('give the files in the order of their export');
  });

  it('whose beginning is gone are judged by a registry that is given', async () => {
    const file = await write('p0', reportsOf('kiln').slice(0, 3), headOf(0, 50, 1), 50);
    const without = await replay([file]);
    expect([without.findings, without.said]).toEqual(['', expect.stringContaining('counts only with --registry')]);
    await writeFile(path('registry.yaml'), REGISTRY);
    expect((await replay([file], path('registry.yaml'))).findings).toContain('"rule":"limit.hour"');
  });

  it('are not mixed with files of another log', async () => {
    const [partition, other] = [
      await write('p0', [registryEntry], headOf(0)),
      await write('q0', [registryEntry], headOf(0, 0, 4)),
    ];
    const whole = await write('whole', [registryEntry]);
    await expect(replay([whole, partition])).rejects.toThrow('is of no partition');
    await expect(replay([partition, other])).rejects.toThrow('is of a log in 4 partitions');
  });
});
