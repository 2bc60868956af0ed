import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { DAY_MS, MINUTE_MS, parseInstant } from '../../contracts/time/instant.ts';
import type { FindingNote } from '../../detect/core/outputs.ts';
import { eventEnd, type TestReport } from '../support/device-reports.ts';
import { driveEngine } from '../support/drive-engine.ts';
import { replayReports, toRecords } from '../support/replay-reports.ts';
import {
  EPILOGUE,
  plantStream,
  STREAM_DAY,
  streamRegistry,
  streamReports,
  type PlantStream,
} from '../support/small-plant-streams.ts';

const RUNS = 200;
const TIMEOUT_MS = 300_000;
/** Facts about arrival itself: another order of arrival is another fact. */
const OF_ARRIVAL = ['quality.offline', 'quality.clock', 'falsification.rewritten', 'falsification.backfill'];

/** Instants and dates in texts as minutes since the first day: the same for a stream and its shifted twin. */
function relative(text: string, days: number): string {
  const origin = STREAM_DAY + days * DAY_MS;
  return text.replaceAll(/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d\+08:00)?)?/g, (found) => {
    const clock = found.length === 10 ? '00:00' : found.slice(11, 16);
    return `<${String((parseInstant(`${found.slice(0, 10)}T${clock}:00+08:00`) - origin) / MINUTE_MS)}>`;
  });
}

function shiftedBack(findings: readonly Finding[], days: number): readonly string[] {
  return findings.map(({ id: _id, ...finding }) => relative(JSON.stringify(finding), days)).sort();
}

/** Sums of the same parts taken together in other groups differ in their last digits. */
const withoutDust = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(12)) : value;

/** What stands, without how and when it came to stand. */
function standing(findings: readonly Finding[]): readonly unknown[] {
  return findings
    .filter(({ rule, state }) => state !== 'withdrawn' && !OF_ARRIVAL.includes(rule))
    .map(({ detectedAt: _at, revision: _revision, ...finding }) => finding)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((finding) => JSON.parse(JSON.stringify(finding, withoutDust)) as unknown);
}

/** Every report once or twice, each delayed by its own while; nothing arrives before it happened. */
function delayed(reports: readonly TestReport[], delays: readonly number[]): readonly TestReport[] {
  return reports.flatMap((report, index) => {
    // The last word comes in time: a clock that goes on longer than another sees more hours end.
    if (index >= reports.length - EPILOGUE) return [report];
    const delay = delays[index % delays.length] ?? 0;
    const first = { ...report, received: eventEnd(report.report) + Math.abs(delay) };
    // A negative delay stands for a report that is sent twice.
    return delay < 0 ? [first, { ...first, received: first.received + 7 * MINUTE_MS }] : [first];
  });
}

const delays = fc.array(
  fc.constantFrom(0, 0, 0, 20_000, 90_000, -90_000, 20 * MINUTE_MS, -20 * MINUTE_MS, 200 * MINUTE_MS),
  {
    minLength: 1,
    maxLength: 40,
  },
);

/** Everything arrives in any order after the last of it happened. */
function shuffled(reports: readonly TestReport[], seed: readonly number[]): readonly TestReport[] {
  const last = Math.max(...reports.map(({ report }) => eventEnd(report)));
  const keyed = reports.map((report, index) => ({
    report,
    key: ((seed[index % seed.length] ?? 1) * (index + 1) * 7919) % 10_007,
  }));
  return keyed
    .sort((a, b) => a.key - b.key)
    .map(({ report }, index) => ({ ...report, received: last + index * 1_000 }));
}

const seeds = fc.array(fc.integer({ min: 1, max: 10_006 }), { minLength: 1, maxLength: 20 });

const inOrder = (stream: PlantStream): readonly unknown[] =>
  standing(replayReports(streamRegistry(), streamReports(stream)).findings);

/** What readers see of the ledger; where in the stream an entry first stood is its own affair. */
const content = (notes: readonly FindingNote[]): readonly string[] =>
  notes
    .map(({ entry: { first: _first, ...entry } }) =>
      JSON.stringify({ ...entry, draft: { ...entry.draft, rule: entry.draft.rule.id } }),
    )
    .sort();

describe('the laws of a replay', () => {
  it('has something to say: these streams lead to findings of many kinds', () => {
    const rules = new Set<string>();
    for (const stream of fc.sample(plantStream, { numRuns: 60, seed: 7 })) {
      for (const { rule } of replayReports(streamRegistry(), streamReports(stream)).findings) rules.add(rule);
    }
    expect([...rules].sort()).toEqual(
      expect.arrayContaining(['limit.hour', 'limit.period', 'order.shutdown', 'treatment.off']),
    );
  });

  it(
    'all instants shifted by whole days shift the findings and change nothing else',
    () => {
      const property = fc.property(plantStream, fc.integer({ min: 1, max: 200 }), (stream, days) => {
        const here = replayReports(streamRegistry(), streamReports(stream)).findings;
        const there = replayReports(streamRegistry(days), streamReports(stream, days)).findings;
        expect(shiftedBack(there, days)).toEqual(shiftedBack(here, 0));
      });
      fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT_MS,
  );

  it(
    'reports that come late, out of order or twice lead to the same standing findings',
    () => {
      const property = fc.property(plantStream, delays, (stream, late) => {
        const other = replayReports(streamRegistry(), delayed(streamReports(stream), late)).findings;
        expect(standing(other)).toEqual(inOrder(stream));
      });
      fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT_MS,
  );

  it(
    'reports that come in any order at the end lead to the same standing findings',
    () => {
      const property = fc.property(plantStream, seeds, (stream, seed) => {
        const other = replayReports(streamRegistry(), shuffled(streamReports(stream), seed)).findings;
        expect(standing(other)).toEqual(inOrder(stream));
      });
      fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT_MS,
  );

  it(
    'a detector that is saved and loaded anywhere finds what an uninterrupted one finds',
    () => {
      const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 });
      const property = fc.property(plantStream, delays, cuts, (stream, late, at) => {
        const records = toRecords(streamRegistry(), delayed(streamReports(stream), late));
        const whole = driveEngine();
        const cut = driveEngine();
        const places = new Set(at.map((share) => 1 + Math.floor(share * (records.length - 2))));
        for (const record of records) {
          whole.take(record);
          cut.take(record);
          if (places.has(record.offset)) cut.restart('plant');
        }
        expect(content(cut.finish())).toEqual(content(whole.finish()));
      });
      fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT_MS,
  );
});
