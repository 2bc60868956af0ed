import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import { createEngine, type Engine } from '../core/engine.ts';
import type { RewindRequest } from '../core/rewind.ts';
import { createStretch, isBarrier } from './by-site.ts';

const REGISTRY = `version: 1
timezone: Asia/Shanghai
districts: [{id: d, name: d}]
sites:
${[1, 2, 3].map((n) => `  - {id: s${String(n)}, name: s, district: d, industry: cement, devices: [{id: cems-1, kind: cems, every: PT1M}, {id: m-1, kind: meter, every: PT1M}], outlets: [{id: stack, device: cems-1, limits: [{signal: nox, max: 50, average: PT1H, from: 2026-01-01}]}], lines: [{id: l, outlets: [stack], production: [{device: m-1, on: 10}], treatment: []}]}`).join('\n')}
`;
const BEGIN = Date.parse('2026-03-10T00:00:00+08:00');

interface Told {
  readonly site: number;
  readonly device: string;
  readonly minute: number;
  readonly delay: number;
}

function toLog(told: readonly Told[]): LogRecord[] {
  const reports = told.map(({ site, device, minute, delay }) => {
    const ts = BEGIN + minute * 60_000;
    const values = device === 'm-1' ? { power: minute % 7 } : { nox: 40 + (minute % 30), o2: 9 };
    const body = JSON.stringify({ ts: new Date(ts).toISOString(), values });
    return { kind: 'report' as const, site: `s${String(site)}`, device, body, received: ts + delay * 1_000 };
  });
  const records = [
    { kind: 'registry' as const, received: BEGIN - 1, files: [{ name: 'r.yaml', text: REGISTRY }] },
    ...reports.toSorted((a, b) => a.received - b.received),
    { kind: 'tick' as const, received: BEGIN + 40 * 3_600_000 },
  ];
  return records.map((record, offset) => ({ ...record, offset }));
}

/** A detector with its log and what it made so far. */
function begin(records: readonly LogRecord[]): {
  engine: Engine;
  answer: (request: RewindRequest, before: number) => void;
  outcome: () => unknown;
} {
  const engine = createEngine();
  const snapshots = new Map<string, string>();
  const findings = new Map<string, string>();
  const counts: Record<string, number> = {};
  const collect = (): void => {
    const made = engine.collect();
    for (const note of made.findings) findings.set(note.entry.id, JSON.stringify(note));
    for (const [name, value] of Object.entries(made.counts)) counts[name] = (counts[name] ?? 0) + value;
    for (const [key, text] of made.snapshots) {
      if (text === null) snapshots.delete(key);
      else snapshots.set(key, text);
    }
  };
  const answer = ({ site, base }: RewindRequest, before: number): void => {
    collect();
    const own = records.filter(
      (record) =>
        record.kind === 'report' && record.site === site && record.offset >= base.offset && record.offset < before,
    );
    engine.rewind({ site, base }, base.key === '' ? undefined : snapshots.get(base.key), own);
  };
  const outcome = (): unknown => {
    engine.finish();
    for (let late = engine.dueNow(); late !== undefined; late = engine.dueNow()) answer(late, records.length);
    engine.finish();
    collect();
    return { findings: [...findings].sort(), counts };
  };
  return { engine, answer, outcome };
}

function oneByOne(records: readonly LogRecord[]): unknown {
  const { engine, answer, outcome } = begin(records);
  for (const record of records) {
    const due = (): RewindRequest | undefined => engine.due(record.received);
    for (let late = due(); late !== undefined; late = due()) answer(late, record.offset);
    engine.take(record);
  }
  return outcome();
}

function inStretches(records: readonly LogRecord[], length: number): unknown {
  const { engine, answer, outcome } = begin(records);
  const stretch = createStretch({ engine });
  const flush = (now: number, nextOffset: number): void => {
    for (const { request, beforeOffset } of stretch.flush(now, nextOffset)) answer(request, beforeOffset);
  };
  for (const record of records) {
    if (isBarrier(record)) flush(record.received, record.offset);
    if (record.kind === 'report') stretch.add(record);
    else engine.take(record);
    if (stretch.size() >= length || record.kind === 'tick') flush(record.received, record.offset + 1);
  }
  return outcome();
}

describe('a stretch of the log, one site after the other', () => {
  it('leads to what reading it record by record leads to', () => {
    const spans = fc.array(
      fc.record({
        site: fc.integer({ min: 1, max: 3 }),
        device: fc.constantFrom('cems-1', 'm-1'),
        from: fc.integer({ min: 0, max: 1_200 }),
        length: fc.integer({ min: 1, max: 240 }),
        delay: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 500 }), (list, length) => {
        const minutes = new Map<string, Told>();
        for (const { site, device, from, length: count, delay } of list) {
          for (let minute = from; minute < from + count; minute += 1)
            minutes.set(`${String(site)}${device}${String(minute)}`, { site, device, minute, delay });
        }
        const records = toLog([...minutes.values()]);
        expect(inStretches(records, length)).toEqual(oneByOne(records));
      }),
      { numRuns: 40 },
    );
  });
});
