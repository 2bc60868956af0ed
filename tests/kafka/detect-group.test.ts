/** Detection on a real Kafka: several members, joining and leaving, find what a replay of the partitions finds. */
import { describe, expect, it } from 'vitest';
import type { DetectGroup } from '../../backends/kafka/detect-group.ts';
import type { Finding } from '../../contracts/finding.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { findingsOf, openTestLog, recordsOf, replayedFindings, startTestGroup, type TestLog } from './detecting.ts';
import { registryEntry, worksEntries, worksRegistry } from './works.ts';

const SITES = 12;
const MINUTES = 600;
const ends = endsAfterEach();

function member(log: TestLog, troubles: Error[] = []): DetectGroup {
  const group = startTestGroup(log, troubles);
  ends.push(() => group.close());
  return group;
}

async function openLog(brokers: string, transactions: boolean): Promise<TestLog> {
  const log = await openTestLog(brokers, 4, transactions);
  ends.push(() => log.close());
  return log;
}

/** Every partition is owned, and worked on to its last record. */
async function untilDone(log: TestLog, groups: readonly DetectGroup[]): Promise<void> {
  const ends = new Map<number, number>();
  for (let partition = 0; partition < log.settings.partitions; partition += 1)
    ends.set(partition, ((await recordsOf(log, partition)).at(-1)?.offset ?? -1) + 1);
  await expect
    .poll(
      () => {
        const at = new Map(
          groups.flatMap((group) => group.partitions().map(({ partition, next }) => [partition, next])),
        );
        return [...ends].filter(([partition, end]) => (at.get(partition) ?? -1) < end).length;
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe(0);
}

const sorted = (findings: ReadonlyMap<string, Finding>): readonly Finding[] =>
  [...findings.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

describe.each([
  ['with transactions', true],
  ['without transactions', false],
])('detection %s', (_, transactions) => {
  it('finds what a replay finds, in one process', { timeout: 120_000 }, async (context) => {
    const log = await openLog(needKafka(context), transactions);
    await log.append([registryEntry(worksRegistry(SITES)), ...worksEntries(SITES, MINUTES, 1)]);
    const troubles: Error[] = [];
    const group = member(log, troubles);
    await untilDone(log, [group]);
    expect(troubles).toEqual([]);
    const expected = sorted(await replayedFindings(log));
    expect(expected.length).toBeGreaterThan(10);
    expect(sorted(await findingsOf(log))).toEqual(expected);
  });

  it('goes on where members join, leave and come back', { timeout: 240_000 }, async (context) => {
    const log = await openLog(needKafka(context), transactions);
    const entries = worksEntries(SITES, MINUTES, 2);
    const cut = (part: number): number => Math.floor((entries.length * part) / 5);
    await log.append([registryEntry(worksRegistry(SITES)), ...entries.slice(0, cut(1))]);
    const first = member(log);
    await untilDone(log, [first]);
    const second = member(log);
    await log.append(entries.slice(cut(1), cut(2)));
    await expect.poll(() => second.partitions().length, { timeout: 30_000 }).toBe(2);
    await untilDone(log, [first, second]);
    await log.append([
      registryEntry(worksRegistry(SITES, 70), entries[cut(2)]?.received),
      ...entries.slice(cut(2), cut(3)),
    ]);
    await first.close();
    await log.append(entries.slice(cut(3), cut(4)));
    await untilDone(log, [second]);
    const third = member(log);
    await log.append(entries.slice(cut(4)));
    await untilDone(log, [second, third]);
    expect(sorted(await findingsOf(log))).toEqual(sorted(await replayedFindings(log)));
  });
});
