/** Live before backlog: what was stored and sent later reaches the log, and never delays what happens now. */
import { afterEach, expect, it } from 'vitest';
import { startBacklogMover } from '../../backends/kafka/backlog-mover.ts';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { encodeRecord } from '../../backends/kafka/record-wire.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { needKafka } from '../servers/addresses.ts';
import { findingsOf, openTestLog, recordsOf, replayedFindings, startTestGroup, type TestLog } from './detecting.ts';
import { registryEntry, worksEntries, worksRegistry } from './works.ts';

const closes: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

type Report = LogEntry & { readonly kind: 'report' };

async function toBacklog({ module, settings }: TestLog, reports: readonly Report[]): Promise<void> {
  const producer = await openDurableProducer(module, settings, 'test-backlog');
  closes.push(() => producer.close());
  const topic = topicName(settings, 'backlog');
  await producer.send(
    reports.map((report) => ({
      topic,
      partition: sitePartition(report.site, settings.partitions),
      key: report.site,
      value: encodeRecord(report),
    })),
  );
}

async function reportsInLog(log: TestLog): Promise<readonly Report[]> {
  const found: Report[] = [];
  for (let partition = 0; partition < log.settings.partitions; partition += 1)
    for (const record of await recordsOf(log, partition)) if (record.kind === 'report') found.push(record);
  return found;
}

it(
  'is moved while live reports go on in time, and found as a replay finds it',
  { timeout: 180_000 },
  async (context) => {
    const log = await openTestLog(needKafka(context), 3);
    closes.push(() => log.close());
    const entries = worksEntries(9, 400, 7);
    // The first plants were away for hours and send what they stored when the last hour begins.
    const isStored = (entry: LogEntry): entry is Report =>
      entry.kind === 'report' && ['works-0', 'works-1', 'works-2'].includes(entry.site) && entry.device === 'cems-1';
    const stored = entries.filter(isStored);
    const live = entries.filter((entry) => !isStored(entry));
    const cut = Math.floor(live.length / 2);
    await log.append([registryEntry(worksRegistry(9)), ...live.slice(0, cut)]);
    const troubles: Error[] = [];
    const group = startTestGroup(log, troubles);
    closes.push(() => group.close());
    const mover = startBacklogMover({ ...log, group, share: 0.5, onTrouble: (error) => troubles.push(error) });
    closes.push(() => mover.close());
    await toBacklog(log, stored);
    await expect.poll(() => mover.figures.moved, { timeout: 60_000 }).toBeGreaterThan(0);
    await log.append(live.slice(cut));
    await expect.poll(() => mover.figures.moved, { timeout: 60_000 }).toBe(stored.length);
    await expect
      .poll(() => group.partitions().every(({ next, end }) => next >= end), { timeout: 60_000, interval: 200 })
      .toBe(true);
    expect(troubles).toEqual([]);
    const bodies = (reports: readonly Report[]): string[] => reports.map(({ site, body }) => `${site} ${body}`).sort();
    expect(bodies(await reportsInLog(log))).toEqual(
      bodies(entries.filter((entry): entry is Report => entry.kind === 'report')),
    );
    const last = entries.at(-1)?.received ?? 0;
    await log.append([{ kind: 'tick', received: last + 3_600_000 }]);
    const expected = [...(await replayedFindings(log)).keys()].sort();
    await expect
      .poll(async () => [...(await findingsOf(log)).keys()].sort(), { timeout: 30_000, interval: 500 })
      .toEqual(expected);
    expect(new Map(await findingsOf(log))).toEqual(new Map(await replayedFindings(log)));
  },
);
