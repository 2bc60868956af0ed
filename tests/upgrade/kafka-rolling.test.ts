/**
 * Processes of this version take over what one of format 1 left on Kafka, in the middle of its hours: detectors go on
 * from its states, with transactions or without whichever way it wrote them, and an API from its outcomes. Compared as
 * they are, since no rule words its findings otherwise yet; what `upgrade.test.ts` compares is enough once one does.
 */
import { describe, expect, it, type TestContext } from 'vitest';
import { startBacklogMover } from '../../backends/kafka/backlog-mover.ts';
import { openDurableProducer, type DurableProducer } from '../../backends/kafka/durable-producer.ts';
import { decodeOutcome } from '../../backends/kafka/outcome-wire.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import type { ApiStage } from '../../cli/stages/api-stage.ts';
import type { Finding } from '../../contracts/finding.ts';
import { isReady, prepareApi, read, type ApiRunner } from '../kafka/api-running.ts';
import { findingsOf, recordsOf, replayedFindings, startTestGroup, type TestLog } from '../kafka/detecting.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { KEPT_PARTITIONS, KEPT_WAYS, ofTopic, readKept, type KeptWay } from './kept-kafka.ts';
import { laterEntries, toMessages } from './kept-stream.ts';

const SOON = { timeout: 90_000, interval: 100 };
const ends = endsAfterEach();

interface Kept {
  readonly runner: ApiRunner;
  readonly log: TestLog;
  readonly producer: DurableProducer;
}

/** Everything that was kept in topics of its own, at the offsets at which it was in the log. */
async function loadKept(context: TestContext, way: KeptWay, transactions: boolean): Promise<Kept> {
  const runner = await prepareApi(needKafka(context));
  ends.push(() => runner.end());
  const { module } = runner.topics;
  const settings = { ...runner.topics.settings, transactions };
  expect(settings.partitions).toBe(KEPT_PARTITIONS);
  const producer = await openDurableProducer(module, settings, 'kept');
  ends.push(() => producer.close());
  const send = readKept(way).map(({ topic, ...message }) => ({ ...message, topic: topicName(settings, topic) }));
  await producer.send(send);
  const append: TestLog['append'] = (entries) => producer.send(toMessages(settings, entries));
  return { runner, producer, log: { module, settings, append, close: () => producer.close() } };
}

async function shownBy(stage: ApiStage): Promise<readonly Finding[]> {
  const { items } = (await read(stage, '/api/v1/findings?limit=1000')) as { readonly items: readonly Finding[] };
  return byId(items);
}

const byId = (findings: Iterable<Finding>): readonly Finding[] =>
  [...findings].sort((one, other) => (one.id < other.id ? -1 : 1));

/** The newest form of each finding that was kept. */
function keptFindings(way: KeptWay): readonly Finding[] {
  const found = ofTopic(readKept(way), 'findings').map(({ key, value }): [string, Finding] => [
    key,
    JSON.parse(String(value)) as Finding,
  ]);
  return byId(new Map(found).values());
}

/** Where the detectors of the kept messages stopped. */
function cutOf(way: KeptWay, partition: number): number {
  const next = ofTopic(readKept(way), 'outcomes')
    .filter((message) => message.partition === partition && message.value !== null)
    .map(({ value }) => decodeOutcome(value as Buffer).next);
  return Math.max(...next);
}

/** Detects until everything is through, the backlog too. */
async function detect(log: TestLog, way: KeptWay): Promise<void> {
  const troubles: Error[] = [];
  const onTrouble = (error: Error): void => void troubles.push(error);
  const group = startTestGroup(log, troubles);
  ends.push(() => group.close());
  const mover = startBacklogMover({ ...log, group, share: 0.5, onTrouble });
  ends.push(() => mover.close());
  await expect.poll(() => mover.figures.moved, SOON).toBe(ofTopic(readKept(way), 'backlog').length);
  await log.append(laterEntries());
  const logged = new Map<number, number>();
  for (let partition = 0; partition < KEPT_PARTITIONS; partition += 1)
    logged.set(partition, (await recordsOf(log, partition)).length);
  await expect
    .poll(() => group.partitions().filter(({ partition, next }) => next >= (logged.get(partition) ?? 1e9)).length, SOON)
    .toBe(KEPT_PARTITIONS);
  await mover.close();
  await group.close();
  expect(troubles).toEqual([]);
  // Nothing was begun anew: what the kept states know is not worked on again.
  const again = [...logged].reduce((sum, [partition, end]) => sum + end - cutOf(way, partition), 0);
  expect(group.figures.records).toBeLessThan(again + logged.size);
}

const CASES = KEPT_WAYS.flatMap((way) => [true, false].map((transactions) => ({ way, transactions })));

describe.each(CASES)('kept $way, gone on with transactions: $transactions', ({ way, transactions }) => {
  it('finds what a replay of the whole log finds', { timeout: 240_000 }, async (context) => {
    const { log, runner } = await loadKept(context, way, transactions);
    const folder = runner.newFolder();
    const before = await runner.start(folder);
    await expect.poll(() => isReady(before), SOON).toBe(true);
    await expect.poll(() => shownBy(before), SOON).toEqual(keptFindings(way));
    await before.stop();
    await detect(log, way);
    const expected = byId((await replayedFindings(log)).values());
    expect(expected.length).toBeGreaterThan(keptFindings(way).length + 5);
    expect(byId((await findingsOf(log)).values())).toEqual(expected);
    const after = await runner.start(folder);
    await expect.poll(() => isReady(after), SOON).toBe(true);
    await expect.poll(() => shownBy(after), SOON).toEqual(expected);
    const partition = sitePartition('works-0', KEPT_PARTITIONS);
    expect(await read(after, '/api/v1/dead-letters')).toMatchObject({
      items: [{ id: expect.stringMatching(`^dl-${String(partition)}-`) as string, state: 'redriven' }],
    });
  });
});
