/** Following topics of a real server: from where it was, to the end and on, through outages. */
import { describe, expect, it, vi, type TestContext } from 'vitest';
import { openDurableProducer, type DurableProducer } from '../../backends/kafka/durable-producer.ts';
import type { FollowedMessage } from '../../backends/kafka/follower-client.ts';
import type { FollowerPlace } from '../../backends/kafka/follower-place.ts';
import { openFollower, type Follower } from '../../backends/kafka/follower.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { ConfigError, InvariantError, UnavailableError } from '../../contracts/errors.ts';
import { crc32 } from 'node:zlib';
import { needKafka } from '../servers/addresses.ts';
import { startKafka } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';
import { sendInTransaction } from './transactional-sender.ts';

vi.setConfig({ testTimeout: 120_000 });
const SOON = { timeout: 60_000, interval: 20 };

const ends = endsAfterEach();

interface Followed {
  readonly topics: OwnTopics;
  readonly producer: DurableProducer;
  readonly topic: string;
  readonly taken: FollowedMessage[];
  send(partition: number, ...texts: readonly string[]): Promise<void>;
  follow(options?: { readonly from?: readonly Partial<FollowerPlace>[]; take?: Taking }): Promise<Follower>;
}

type Taking = (messages: readonly FollowedMessage[]) => Promise<void>;

async function prepare(brokers: string, through = brokers): Promise<Followed> {
  const topics = await makeOwnTopics(brokers, through);
  const { module, settings } = topics;
  const producer = await openDurableProducer(module, { ...settings, brokers }, 'test');
  ends.push(() => producer.close());
  const topic = topicName(settings, 'outcomes');
  const taken: FollowedMessage[] = [];
  return {
    topics,
    producer,
    topic,
    taken,
    send: (partition, ...texts) =>
      producer.send(texts.map((text) => ({ topic, partition, key: '', value: Buffer.from(text) }))),
    async follow({ from = [], take } = {}) {
      const places = [0, 1, 2].map((partition) => ({ topic, partition, next: 0, lastSum: 0, ...from[partition] }));
      const keep: Taking = async (messages) => {
        await take?.(messages);
        taken.push(...messages);
      };
      const follower = await openFollower({ module, settings, name: 'test', places, take: keep });
      ends.push(() => follower.close());
      return follower;
    },
  };
}

const shared = (context: TestContext): Promise<Followed> => prepare(needKafka(context));
const textsOf = (messages: readonly FollowedMessage[], partition: number): readonly string[] =>
  messages.filter((message) => message.partition === partition).map(({ value }) => value.toString());
const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `m-${String(from + i)}`);
const place = (next: number, last: string): Partial<FollowerPlace> => ({ next, lastSum: crc32(Buffer.from(last)) });

describe('following a topic', () => {
  it('is ready where nothing is, and takes what comes', async (context) => {
    const { follow, send, taken } = await shared(context);
    const follower = await follow();
    await follower.ready;
    expect(follower.oldestUnstoredAt()).toBeNull();
    await send(1, 'a', 'b');
    await expect.poll(() => textsOf(taken, 1), SOON).toEqual(['a', 'b']);
    await expect
      .poll(() => follower.partitions().map(({ position, behind }) => [position, behind]), SOON)
      .toEqual([
        [0, 0],
        [2, 0],
        [0, 0],
      ]);
  });

  it('is ready when everything of its beginning is stored; one batch waits at most while another is', async (context) => {
    const { follow, send, taken } = await shared(context);
    for (const partition of [0, 1, 2]) await send(partition, ...numbered(5_000));
    let under = 0;
    let most = 0;
    const follower = await follow({
      take: async (messages) => {
        under += 1;
        most = Math.max(most, under, messages.length / 1_000);
        await new Promise(setImmediate);
        under -= 1;
      },
    });
    await follower.ready;
    expect(most).toBe(1);
    for (const partition of [0, 1, 2]) expect(textsOf(taken, partition)).toEqual(numbered(5_000));
  });

  it('sees of a transaction all or nothing, and is at the end behind its marks', async (context) => {
    const { follow, topics, topic, taken } = await shared(context);
    const at = (value: string) => ({ topic, partition: 0, key: '', value: Buffer.from(value) });
    await sendInTransaction(topics, 'gone', [at('aborted')], 'abort');
    await sendInTransaction(topics, 'kept', [at('kept')], 'commit');
    const follower = await follow();
    await follower.ready;
    expect(textsOf(taken, 0)).toEqual(['kept']);
    expect(follower.partitions()[0]).toMatchObject({ behind: 0 });
    await follower.close();
    // What it stored ends before the marks: begun again there it is at the end at once.
    const offset = taken[0]?.offset ?? -1;
    taken.length = 0;
    const again = await follow({ from: [place(offset + 1, 'kept')] });
    await again.ready;
    expect(taken).toEqual([]);
  });

  it('goes on where it was, and gives nothing twice', async (context) => {
    const { follow, send, taken } = await shared(context);
    await send(0, ...numbered(10));
    const follower = await follow({ from: [place(4, 'm-3')] });
    await follower.ready;
    expect(textsOf(taken, 0)).toEqual(numbered(6, 4));
  });

  it('gives a batch again while it cannot be stored, and ends on what is no trouble of the store', async (context) => {
    const { follow, send, taken } = await shared(context);
    await send(0, 'a');
    let tries = 0;
    const follower = await follow({
      take: async () => {
        tries += 1;
        if (tries === 1) throw new UnavailableError('full');
        if (tries > 2) throw new InvariantError('broken');
      },
    });
    await follower.ready;
    expect(textsOf(taken, 0)).toEqual(['a']);
    await send(0, 'b');
    expect((await follower.failed).message).toBe('broken');
  });
});

describe('a topic that is not the one that was followed', () => {
  it('ends before where it was', async (context) => {
    const { follow, send } = await shared(context);
    await send(0, 'a');
    const beginning = follow({ from: [place(7, 'x')] });
    await expect(beginning).rejects.toThrow(ConfigError);
    await expect(beginning).rejects.toThrow(/ends at 1. It was made anew. Stop, remove the folder/);
  });

  it('has another message where it was', async (context) => {
    const { follow, send } = await shared(context);
    await send(0, ...numbered(10));
    const follower = await follow({ from: [place(4, 'other')] });
    const failure = await follower.failed;
    expect(failure).toBeInstanceOf(ConfigError);
    expect(failure.message).toMatch(/not the one that was copied up to 4: another message stands at 3/);
  });
});

describe('a server that is away', () => {
  it('is waited for: hanging, killed, and back', { timeout: 300_000 }, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const { follow, send, taken, topics } = await prepare(server.address, server.proxy.address);
    const follower = await follow();
    await follower.ready;
    await send(0, 'before');
    await expect.poll(() => textsOf(taken, 0), SOON).toEqual(['before']);
    await server.proxy.hang();
    await send(0, 'while it hung');
    await server.proxy.forward();
    await expect.poll(() => textsOf(taken, 0), { ...SOON, timeout: 120_000 }).toEqual(['before', 'while it hung']);
    await server.kill();
    await server.restart();
    const again = await openDurableProducer(topics.module, { ...topics.settings, brokers: server.address }, 'again');
    ends.push(() => again.close());
    await again.send([
      { topic: topicName(topics.settings, 'outcomes'), partition: 2, key: '', value: Buffer.from('after') },
    ]);
    await expect.poll(() => textsOf(taken, 2), { ...SOON, timeout: 120_000 }).toEqual(['after']);
    expect(textsOf(taken, 0)).toEqual(['before', 'while it hung']);
  });
});
