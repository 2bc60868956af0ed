import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { runReplay } from './replay.ts';

/** An hour of 120 mg/m³ and the next of 60, each as a mean of the device. */
const REPORTS: readonly (readonly [start: string, nox: number])[] = [
  ['2026-11-22T08:00:00+08:00', 120],
  ['2026-11-22T09:00:00+08:00', 60],
  ['2026-11-22T10:00:00+08:00', 60],
];

const registry = (max: number): string => `version: 1
timezone: Asia/Shanghai
districts: [{ id: north, name: 北区分局 }]
sites:
  - id: kiln
    name: 窑
    district: north
    industry: cement
    devices: [{ id: cems-1, kind: cems, every: PT1H }]
    outlets:
      - { id: tail, device: cems-1, limits: [{ signal: nox, max: ${String(max)}, average: PT1H, from: 2024-01-01 }] }
`;

let folder = '';
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});
afterEach(async () => rm(folder, { recursive: true }));

interface Piece {
  readonly kind: string;
  readonly received: number;
}

function reportPieces(): Piece[] {
  return REPORTS.map(([ts, nox]) => ({
    kind: 'report',
    received: Date.parse(ts) + 3_600_000,
    site: 'kiln',
    device: 'cems-1',
    body: JSON.stringify({ ts, period: 'PT1H', values: { nox } }),
  }));
}

const registryPiece = (received: number, max: number): Piece & { readonly files: unknown } => ({
  kind: 'registry',
  received,
  files: [{ name: 'registry.yaml', text: registry(max) }],
});

async function writeLog(pieces: readonly Piece[]): Promise<void> {
  await writeFile(at('log.ndjson'), pieces.map((piece, offset) => JSON.stringify({ offset, ...piece })).join('\n'));
}

async function replayed(registryPath?: string): Promise<readonly Finding[]> {
  const given = registryPath === undefined ? {} : { registry: registryPath };
  const command = { log: [at('log.ndjson')], findings: at('findings.ndjson'), ...given };
  expect(await runReplay(command, { write: () => undefined })).toBe(0);
  const text = await readFile(at('findings.ndjson'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
}

const limitsOf = (findings: readonly Finding[]): unknown[] =>
  findings
    .filter(({ rule }) => rule === 'limit.hour')
    .map(({ start, evidence }) => [start, (evidence as { limit: { max: number } }).limit.max]);

describe('a log with another registry', () => {
  const [first, second, third] = reportPieces() as [Piece, Piece, Piece];
  /** In the middle of it the operator imported a registry with a limit that all of it would break. */
  const WHOLE = [registryPiece(first.received - 60_000, 100), first, second, registryPiece(second.received, 10), third];

  it('is judged by the registries in it where none is given', async () => {
    await writeLog(WHOLE);
    expect(limitsOf(await replayed())).toContainEqual(['2026-11-22T08:00:00+08:00', 10]);
  });

  it('is judged by the given one alone, whatever was imported later', async () => {
    await writeLog(WHOLE);
    await writeFile(at('strict.yaml'), registry(110));
    await writeFile(at('lax.yaml'), registry(150));
    expect(limitsOf(await replayed(at('strict.yaml')))).toEqual([['2026-11-22T08:00:00+08:00', 110]]);
    expect(limitsOf(await replayed(at('lax.yaml')))).toEqual([]);
  });

  it('refuses a registry that has problems, and a log that holds none', async () => {
    await writeLog(WHOLE);
    await writeFile(at('wrong.yaml'), registry(110).replace('industry', 'industri'));
    await expect(replayed(at('wrong.yaml'))).rejects.toThrow('the registry has');
    await writeLog([first, second]);
    await writeFile(at('strict.yaml'), registry(110));
    await expect(replayed(at('strict.yaml'))).rejects.toThrow('the log holds no registry');
  });
});
