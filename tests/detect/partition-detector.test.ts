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

/** Behind everything that a rewind waits for, so that nothing is left to the end of a replay. */
function withEnd(stream: PlantStream): readonly LogRecord[] {
  const records = toRecords(streamRegistry(), streamReports(stream));
  const last = records.at(-1);
  if (last === undefined) return records;
  return [...records, { kind: 'tick', received: last.received + 600_000, offset: last.offset + 1 }];
}

const byId = (findings: readonly Finding[]): readonly Finding[] => findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));

it('finds what a replay finds, wherever its commits fail', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(plantStream, way, async (stream, how) => {
    const records = withEnd(stream);
    expect(byId(await detected(records, how))).toEqual(byId(replayed(records)));
  });
  await fc.assert(property, { numRuns: 60 });
});
