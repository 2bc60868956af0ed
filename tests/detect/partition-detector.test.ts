/** The detector of a partition: killed at any commit and begun anew, it finds what a replay of the log finds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { createPartitionDetector } from '../../detect/runner/partition-detector.ts';
import { createReplay } from '../../detect/runner/replay.ts';
import { createMemoryPartition, type CommitFate } from '../support/memory-partition.ts';
import { toRecords } from '../support/replay-reports.ts';
import { plantStream, streamRegistry, streamReports, type PlantStream } from '../support/small-plant-streams.ts';

const fates = fc.array(fc.constantFrom<CommitFate>('done', 'done', 'done', 'not-done', 'done-and-unheard'), {
  maxLength: 12,
});

interface Way {
  /** How many records are given at once, in turn. */
  readonly lengths: readonly number[];
  readonly fates: readonly CommitFate[];
  readonly saveAfter: number;
}

const way: fc.Arbitrary<Way> = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }),
  fates,
  saveAfter: fc.constantFrom(1, 50, 5_000),
});

/** Until the log is read to its end, whoever fails is replaced; @returns what the readers have. */
async function detected(records: readonly LogRecord[], { lengths, fates: ends, saveAfter }: Way): Promise<Finding[]> {
  let commits = 0;
  const partition = createMemoryPartition(records, () => ends[commits++] ?? 'done');
  let turn = 0;
  for (;;) {
    const detector = createPartitionDetector(partition, { saveAfter });
    let at = detector.from;
    try {
      while (at < records.length) {
        const length = lengths[turn++ % lengths.length] as number;
        await detector.take(records.slice(at, at + length));
        at += length;
      }
      await detector.save();
      return [...partition.findings.values()];
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
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

/** After which parts of the records, of a thousand, the receiver was away for a moment. */
const restarts = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 4 });

/** With those moments, and an end behind everything that a rewind waits for, so that nothing is left to the end of a replay. */
function recordsOf(stream: PlantStream, away: readonly number[]): readonly LogRecord[] {
  const records = toRecords(streamRegistry(), streamReports(stream));
  const { received } = records.at(-1) as LogRecord;
  const before = new Set(away.map((part) => 1 + Math.floor((part * (records.length - 1)) / 1_000)));
  const all = records.flatMap((record, at): LogRecord[] =>
    before.has(at) ? [{ kind: 'tick', received: record.received, restarted: true, offset: 0 }, record] : [record],
  );
  return [...all, { kind: 'tick', received: received + 600_000, offset: 0 } as const].map(
    (record, offset): LogRecord => ({ ...record, offset }),
  );
}

const byId = (findings: readonly Finding[]): readonly Finding[] => findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));

it('finds what a replay finds, wherever its commits fail', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(plantStream, restarts, way, async (stream, away, how) => {
    const records = recordsOf(stream, away);
    expect(byId(await detected(records, how))).toEqual(byId(replayed(records)));
  });
  await fc.assert(property, { numRuns: 60 });
});
