/** Late data after a crash: a rewind may begin at a snapshot that was made since the site was last saved. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { createPartitionDetector } from '../../detect/runner/partition-detector.ts';
import { createReplay } from '../../detect/runner/replay.ts';
import { eventEnd, type TestReport } from '../support/device-reports.ts';
import { createMemoryPartition, type MemoryPartition } from '../support/memory-partition.ts';
import { toRecords } from '../support/replay-reports.ts';
import { plantStream, streamRegistry, streamReports } from '../support/small-plant-streams.ts';

interface Late {
  /** Which report, in thousandths of the stream. */
  readonly part: number;
  readonly minutes: number;
}

const lates = fc.array(
  fc.record({ part: fc.integer({ min: 0, max: 990 }), minutes: fc.integer({ min: 20, max: 200 }) }),
  { minLength: 1, maxLength: 4 },
);

interface Crash {
  /** After how many commits. */
  readonly commits: number;
  /** How many records were given at once before it, and are after it. */
  readonly before: number;
  readonly after: number;
}

const crash: fc.Arbitrary<Crash> = fc.record({
  commits: fc.integer({ min: 5, max: 110 }),
  before: fc.integer({ min: 1, max: 5 }),
  after: fc.integer({ min: 1, max: 30 }),
});

/** Everything as it is received, some of it late, with a tick behind each that tells the time. */
function recordsOf(reports: readonly TestReport[], late: readonly Late[]): readonly LogRecord[] {
  const delays = new Map(late.map(({ part, minutes }) => [Math.floor((part * reports.length) / 1_000), minutes]));
  const arrivals = reports.map((one, at): TestReport => {
    const minutes = delays.get(at);
    return minutes === undefined ? one : { ...one, received: eventEnd(one.report) + minutes * MINUTE_MS };
  });
  const all = toRecords(streamRegistry(), arrivals).flatMap((record): LogRecord[] => [
    record,
    ...(record.kind === 'report' ? [{ kind: 'tick', received: record.received + 10_000, offset: 0 } as const] : []),
  ]);
  const end = (all.at(-1)?.received ?? 0) + 600_000;
  const sorted = [...all, { kind: 'tick', received: end, offset: 0 } as const].sort((a, b) => a.received - b.received);
  return sorted.map((record, offset): LogRecord => ({ ...record, offset }));
}

/** Until the log is read to its end, over one crash. */
async function detected(
  records: readonly LogRecord[],
  { commits, before, after }: Crash,
  atCrash: (partition: MemoryPartition) => void = () => undefined,
): Promise<MemoryPartition> {
  let done = 0;
  const partition = createMemoryPartition(records, () => (++done === commits ? 'not-done' : 'done'));
  for (;;) {
    const detector = createPartitionDetector(partition);
    const length = done < commits ? before : after;
    try {
      for (let at = detector.from; at < records.length; at += length)
        await detector.take(records.slice(at, at + length));
      await detector.save();
      return partition;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      atCrash(partition);
    } finally {
      detector.close();
    }
  }
}

function replayed(records: readonly LogRecord[]): readonly Finding[] {
  const replay = createReplay({ wantsMeans: false });
  for (const record of records) replay.take(record);
  return replay.finish().findings;
}

const byId = (findings: Iterable<Finding>): readonly Finding[] => [...findings].sort((a, b) => (a.id < b.id ? -1 : 1));

it('finds what a replay finds, and keeps no snapshot that nobody names', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(plantStream, lates, crash, async (stream, late, how) => {
    const records = recordsOf(streamReports(stream), late);
    const partition = await detected(records, how);
    expect(byId(partition.findings.values())).toEqual(byId(replayed(records)));
    const undisturbed = await detected(records, { ...how, commits: Number.MAX_SAFE_INTEGER });
    expect(partition.stateKeys('base/').length).toBe(undisturbed.stateKeys('base/').length);
  });
  await fc.assert(property, { numRuns: 120 });
});

it('goes on from snapshots that an earlier version stored under other names', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(plantStream, lates, crash, async (stream, late, how) => {
    const records = recordsOf(streamReports(stream), late);
    // The saved state is of the beginning and names none of them; those that it makes again are not found.
    const partition = await detected(records, how, (crashed) => {
      crashed.forget('base/');
    });
    expect(byId(partition.findings.values())).toEqual(byId(replayed(records)));
  });
  await fc.assert(property, { numRuns: 60 });
});
