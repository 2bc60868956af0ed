/** A Kafka that hangs, is killed and comes back under detection: nothing is lost, doubled or changed. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { startKafka, type OwnServer } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { findingsOf, openTestLog, replayedFindings, startTestGroup, type TestLog } from './detecting.ts';
import { registryEntry, worksEntries, worksRegistry } from './works.ts';

const ends = endsAfterEach();

const sorted = (findings: ReadonlyMap<string, Finding>): readonly Finding[] =>
  [...findings.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

async function expectAll(log: TestLog): Promise<void> {
  const expected = sorted(await replayedFindings(log));
  expect(expected.length).toBeGreaterThan(10);
  await expect.poll(async () => sorted(await findingsOf(log)), { timeout: 90_000, interval: 1_000 }).toEqual(expected);
}

const faults: readonly (readonly [string, (kafka: OwnServer) => Promise<void>])[] = [
  [
    'is killed and started again',
    async (kafka) => {
      await kafka.kill('SIGKILL');
      await kafka.restart();
    },
  ],
  [
    'hangs with its port open',
    async (kafka) => {
      await kafka.kill('SIGSTOP');
      await pause(12_000);
      await kafka.kill('SIGCONT');
    },
  ],
];

describe.each([
  ['with transactions', true],
  ['without transactions', false],
])('detection %s', (_, transactions) => {
  it.for(faults)('finds what a replay finds where Kafka %s', { timeout: 300_000 }, async ([_name, fault], context) => {
    const kafka = await startKafka(context);
    ends.push(() => kafka.stop());
    const log = await openTestLog(kafka.address, 3, transactions);
    ends.push(() => log.close());
    const entries = worksEntries(9, 500, 5);
    const half = Math.floor(entries.length / 2);
    await log.append([registryEntry(worksRegistry(9)), ...entries.slice(0, half)]);
    const troubles: Error[] = [];
    const group = startTestGroup(log, troubles);
    ends.push(() => group.close());
    await expect.poll(() => group.figures.records, { timeout: 30_000 }).toBeGreaterThan(0);
    await fault(kafka);
    await expect.poll(() => group.trouble(), { timeout: 60_000, interval: 200 }).toBeUndefined();
    await log.append(entries.slice(half));
    await expectAll(log);
  });
});
