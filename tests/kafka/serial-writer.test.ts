/** Transactions of several writers: whole or not at all, and in the same order everywhere. */
import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import { createSerialWriter, type SerialWriter } from '../../backends/kafka/serial-writer.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { needKafka } from '../servers/addresses.ts';
import { startKafka } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const SLOW = { timeout: 180_000 };
const ends = endsAfterEach();

function open({ module, settings }: OwnTopics): SerialWriter {
  const writer = createSerialWriter({ module, settings, name: 'control' });
  ends.push(() => writer.close());
  return writer;
}

function everywhere({ settings }: OwnTopics, text: string): readonly OutgoingMessage[] {
  const topic = topicName(settings, 'log');
  return [0, 1, 2].map((partition) => ({ topic, partition, key: '', value: Buffer.from(text) }));
}

async function texts(topics: OwnTopics, partition: number): Promise<readonly string[]> {
  return (await topics.messages('log', partition)).map(({ value }) => value?.toString() ?? '');
}

describe('writers that take turns', () => {
  it('leave the same order in all partitions, and lose nothing', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const writers = [open(topics), open(topics), open(topics)];
    const wanted = Array.from({ length: 12 }, (_, index) => `entry ${String(index)}`);
    await Promise.all(
      wanted.map((text, index) => (writers[index % 3] as SerialWriter).write(async () => everywhere(topics, text))),
    );
    const first = await texts(topics, 0);
    expect([...new Set(first)].sort()).toEqual([...wanted].sort());
    expect(await texts(topics, 1)).toEqual(first);
    expect(await texts(topics, 2)).toEqual(first);
  });

  it('ask again what to write where another came in between', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const [one, two] = [open(topics), open(topics)];
    let asked = 0;
    await one?.write(async () => {
      asked += 1;
      if (asked === 1) await two?.write(async () => everywhere(topics, 'in between'));
      return everywhere(topics, 'one');
    });
    expect(asked).toBe(2);
    expect(await texts(topics, 1)).toEqual(['in between', 'one']);
  });

  it('write nothing where there is nothing to write, or it is refused', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const writer = open(topics);
    await writer.write(async () => []);
    const refused = writer.write(async () => {
      throw new Error('not that');
    });
    await expect(refused).rejects.toThrow('not that');
    await writer.write(async () => everywhere(topics, 'this'));
    expect(await texts(topics, 0)).toEqual(['this']);
  });

  it('leave nothing of a transaction that Kafka refuses, and go on', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const writer = open(topics);
    const { settings } = topics;
    const nowhere = { topic: topicName(settings, 'log'), partition: 77, key: '', value: Buffer.from('lost') };
    await expect(writer.write(async () => [...everywhere(topics, 'half'), nowhere])).rejects.toThrow(UnavailableError);
    await writer.write(async () => everywhere(topics, 'whole'));
    for (const partition of [0, 1, 2]) expect(await texts(topics, partition)).toEqual(['whole']);
  });
});

describe('a server that hangs', () => {
  it('makes a write unavailable, and the next one works once it is back', SLOW, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const topics = await makeOwnTopics(server.address, server.proxy.address);
    const writer = open(topics);
    await writer.write(async () => everywhere(topics, 'before'));
    await server.proxy.hang();
    await expect(writer.write(async () => everywhere(topics, 'unclear'))).rejects.toThrow(UnavailableError);
    await server.proxy.forward();
    await writer.write(async () => everywhere(topics, 'after'));
    const first = await texts(topics, 0);
    expect(first.filter((text) => text !== 'unclear')).toEqual(['before', 'after']);
    for (const partition of [1, 2]) expect(await texts(topics, partition)).toEqual(first);
  });

  it('lets nobody wait for long behind a writer that was killed in a transaction', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const { module, settings } = topics;
    const killed = new module.Producer({
      'metadata.broker.list': settings.brokers,
      'transactional.id': `${settings.prefix}control`,
      'transaction.timeout.ms': 10_000,
    });
    const call = (ask: (done: (error: unknown) => void) => void): Promise<void> =>
      new Promise((resolve, reject) => {
        ask((error) => {
          if (error === null || error === undefined) resolve();
          else reject(new Error(JSON.stringify(error)));
        });
      });
    ends.push(() => call((done) => killed.disconnect(500, done)));
    await call((done) => killed.connect({}, done));
    await call((done) => killed.initTransactions(5_000, done));
    await call((done) => killed.beginTransaction(done));
    for (const { topic, partition, value } of everywhere(topics, 'never')) killed.produce(topic, partition, value, '');
    await call((done) => killed.flush(5_000, done));
    // It says nothing more; the next writer does not wait for its time to run out.
    const startedAt = performance.now();
    await open(topics).write(async () => everywhere(topics, 'mine'));
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(await texts(topics, 2)).toEqual(['mine']);
  });
});
