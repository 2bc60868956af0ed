/** How far what is shown is behind the log, on a real server. */
import { describe, expect, it, vi, type TestContext } from 'vitest';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { encodeRecord } from '../../backends/kafka/record-wire.ts';
import { watchLogLag, type LogLag, type ShownPartition } from '../../backends/kafka/log-lag.ts';
import { settle } from '../../backends/kafka/settle.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { reportEntry, T0 } from '../ports/builders.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';
import { sendInTransaction } from './transactional-sender.ts';

vi.setConfig({ testTimeout: 120_000 });
const SOON = { timeout: 30_000, interval: 20 };
const ends = endsAfterEach();

const messageOf = ({ settings }: OwnTopics, partition: number, received: number) => ({
  topic: topicName(settings, 'log'),
  partition,
  key: 'demo-cement',
  value: encodeRecord(reportEntry({ received })),
});

async function prepare(context: TestContext) {
  const topics = await makeOwnTopics(needKafka(context));
  const producer = await openDurableProducer(topics.module, topics.settings, 'test');
  ends.push(() => producer.close());
  const shown: ShownPartition[] = [0, 1, 2].map(() => ({ applied: 0, isAtEnd: true }));
  const watch = async (): Promise<LogLag> => {
    const lag = await watchLogLag({ ...topics, shown: () => shown, everyMs: 50 });
    ends.push(() => lag.close());
    return lag;
  };
  const send = (partition: number, ...received: readonly number[]): Promise<void> =>
    producer.send(received.map((at) => messageOf(topics, partition, at)));
  return { topics, shown, watch, send };
}

const behind = (lag: LogLag): unknown => lag.partitions().map((one) => [one.behind, one.oldestReceived]);
const NONE = [0, null];

/** As the group of detectors commits for those who watch. */
async function commitGroup({ module, settings }: OwnTopics, partition: number, offset: number): Promise<void> {
  const consumer = new module.KafkaConsumer(
    { 'metadata.broker.list': settings.brokers, 'group.id': `${settings.prefix}detect`, 'enable.auto.commit': false },
    {},
  );
  await settle<unknown>('connect', (done) => {
    consumer.connect({ timeout: 10_000 }, done);
  });
  consumer.commitSync([{ topic: topicName(settings, 'log'), partition, offset }]);
  await new Promise<void>((resolve) => {
    consumer.disconnect(() => {
      resolve();
    });
  });
}

describe('how far what is shown is behind the log', () => {
  it('is told in records and since when, partition by partition', async (context) => {
    const { shown, watch, send } = await prepare(context);
    await send(0, T0, T0 + 1, T0 + 2);
    await send(2, T0 + 5);
    const lag = await watch();
    expect(behind(lag)).toEqual([[3, T0], NONE, [1, T0 + 5]]);
    shown[0] = { applied: 2, isAtEnd: true };
    await expect.poll(() => behind(lag), SOON).toEqual([[1, T0 + 2], NONE, [1, T0 + 5]]);
    shown[0] = { applied: 3, isAtEnd: true };
    shown[2] = { applied: 1, isAtEnd: true };
    await expect.poll(() => behind(lag), SOON).toEqual([NONE, NONE, NONE]);
  });

  it('is nothing where detectors read what is nothing to tell of, once all that they told is shown', async (context) => {
    const { topics, shown, watch, send } = await prepare(context);
    await send(1, T0, T0 + 1, T0 + 2);
    shown[1] = { applied: 1, isAtEnd: false };
    await commitGroup(topics, 1, 3);
    const lag = await watch();
    expect(behind(lag)).toEqual([NONE, [2, T0 + 1], NONE]);
    shown[1] = { applied: 1, isAtEnd: true };
    await expect.poll(() => behind(lag), SOON).toEqual([NONE, NONE, NONE]);
  });

  it('does not count the marks of transactions', async (context) => {
    const { topics, shown, watch } = await prepare(context);
    await sendInTransaction(topics, 'control', [messageOf(topics, 0, T0)], 'commit');
    await sendInTransaction(topics, 'gone', [messageOf(topics, 1, T0)], 'abort');
    shown[0] = { applied: 1, isAtEnd: true };
    const lag = await watch();
    expect(behind(lag)).toEqual([NONE, NONE, NONE]);
  });

  it('is an error where the log ends before what was made of it', async (context) => {
    const { shown, watch, send } = await prepare(context);
    await send(0, T0);
    shown[0] = { applied: 2, isAtEnd: true };
    await expect(watch()).rejects.toThrow(/partition 0 of topic .*log ends at 1.*it was made anew/);
  });
});
