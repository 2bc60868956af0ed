/** Reports that are read again after a take-over: with the receive times that they had, and all of them or none. */
import { afterEach, expect, it } from 'vitest';
import type { DetectGroup } from '../../backends/kafka/detect-group.ts';
import { readReports } from '../../backends/kafka/kafka-partition.ts';
import { RemovedError } from '../../backends/kafka/read-range.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import type { ReportAt } from '../../contracts/ports/partition.ts';
import { needKafka } from '../servers/addresses.ts';
import { findingsOf, openTestLog, recordsOf, replayedFindings, startTestGroup, type TestLog } from './detecting.ts';
import { removeBefore } from './remove-records.ts';
import { registryEntry, WORKS_BEGIN, worksEntries, worksRegistry } from './works.ts';

const SLOW = { timeout: 120_000 };
const MOVED = 3_000;
const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

/** Some minutes of two plants, what a device stored for a day before that, and what comes behind it. */
async function fill(log: TestLog): Promise<void> {
  const live = worksEntries(2, 60, 3);
  const half = live.findIndex(({ received }) => received >= WORKS_BEGIN + 30 * 60_000);
  const moved = Array.from({ length: MOVED }, (_, n): LogEntry => ({
    kind: 'report',
    site: 'works-0',
    device: 'cems-1',
    received: WORKS_BEGIN - 86_400_000 + n * 1_000,
    body: JSON.stringify({
      ts: new Date(WORKS_BEGIN - 2 * 86_400_000 + n * 60_000).toISOString(),
      values: { nox: 50 },
    }),
  }));
  await log.append([registryEntry(worksRegistry(2)), ...live.slice(0, half), ...moved, ...live.slice(half)]);
}

type Report = LogEntry & { readonly kind: 'report' };
const isReport = (entry: LogEntry): entry is Report => entry.kind === 'report';

async function untilRead(log: TestLog, group: DetectGroup): Promise<void> {
  const end = ((await recordsOf(log, 0)).at(-1)?.offset ?? 0) + 1;
  await expect.poll(() => group.partitions()[0]?.next ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(end);
}

async function again(log: TestLog, from: number, to: number): Promise<ReportAt[]> {
  const found: ReportAt[] = [];
  for await (const reports of readReports({ ...log, partition: 0 }, from, to)) found.push(...reports);
  return found;
}

async function openLog(brokers: string): Promise<TestLog> {
  const log = await openTestLog(brokers, 1);
  closes.push(() => log.close());
  await fill(log);
  return log;
}

it('have the receive times of a straight reading, also in the midst of much that was moved', SLOW, async (context) => {
  const log = await openLog(needKafka(context));
  const straight = (await recordsOf(log, 0)).filter((record): record is ReportAt => record.kind === 'report');
  const end = (straight.at(-1)?.offset ?? 0) + 1;
  const firstMoved = straight.findIndex(({ body }) => body.includes('2026-01-3'));
  const places = [0, 1, 500, 1_001, 1_500, 2_400, MOVED - 1, MOVED + 20].map(
    (n) => straight[firstMoved + n]?.offset ?? 0,
  );
  for (const from of places) {
    const wanted = straight.filter(({ offset }) => offset >= from);
    expect(await again(log, from, end), `from ${String(from)}`).toEqual(wanted);
  }
});

it('make a rewind into what was moved, after a take-over, find what a replay finds', SLOW, async (context) => {
  const log = await openTestLog(needKafka(context), 1);
  closes.push(() => log.close());
  // A plant that was away for two days, with a hole of some minutes in what it stored.
  const away = worksEntries(1, 1_000, 5).filter(isReport);
  const [missing, stored] = [away.slice(1_500, 1_560), [...away.slice(0, 1_500), ...away.slice(1_560)]];
  const nowMs = 3 * 86_400_000;
  const later = worksEntries(2, 60, 6).map((entry) => ({ ...entry, received: entry.received + nowMs }));
  const live = later.filter((entry) => !isReport(entry) || entry.site !== 'works-0');
  await log.append([registryEntry(worksRegistry(2)), ...live, ...stored]);
  const first = startTestGroup(log, []);
  await untilRead(log, first);
  await first.close();
  const last = live.at(-1)?.received ?? 0;
  await log.append([...missing, { kind: 'tick', received: last + 3_600_000 }]);
  const troubles: Error[] = [];
  const second = startTestGroup(log, troubles);
  closes.push(() => second.close());
  await untilRead(log, second);
  expect(troubles).toEqual([]);
  const expected = await replayedFindings(log);
  expect(expected.size).toBeGreaterThan(0);
  expect(await findingsOf(log)).toEqual(expected);
});

it('are refused, and not given in part, where some of them were removed', SLOW, async (context) => {
  const brokers = needKafka(context);
  const log = await openLog(brokers);
  const topic = topicName(log.settings, 'log');
  await removeBefore(brokers, { topic, partition: 0, offset: 1_000 });
  await expect(again(log, 999, 1_500)).rejects.toThrow(RemovedError);
  expect((await again(log, 1_000, 1_500)).length).toBeGreaterThan(100);
});
