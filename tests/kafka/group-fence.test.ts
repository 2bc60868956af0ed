/** What a broker takes from a client that is no member of the group for which it speaks. */
import type { KafkaConsumer } from 'node-rdkafka';
import { describe, expect, it } from 'vitest';
import { openDetectClients, type DetectClients } from '../../backends/kafka/detect-clients.ts';
import { createDetectFigures } from '../../backends/kafka/detect-figures.ts';
import { GroupCommits } from '../../backends/kafka/group-commits.ts';
import { createGroupFence } from '../../backends/kafka/group-fence.ts';
import { clientConfig } from '../../backends/kafka/kafka-settings.ts';
import { closeProducer, closeWithin, settle } from '../../backends/kafka/settle.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const ANSWER_MS = 20_000;
const ends = endsAfterEach();

/** Reads for ever, so that the client answers. */
function reading(consumer: KafkaConsumer): () => Promise<void> {
  let isOver = false;
  const turns = (async (): Promise<void> => {
    while (!isOver)
      await settle<unknown>('read', (done) => {
        consumer.consume(10, done);
      });
  })();
  return async () => {
    isOver = true;
    await turns;
  };
}

/** A member that has all partitions of the log. */
async function openMember({ module, settings }: OwnTopics): Promise<DetectClients> {
  let assigned = 0;
  const clients: DetectClients = await openDetectClients({
    module,
    settings,
    instance: 'one',
    commitEveryMs: 10,
    figures: createDetectFigures().commits,
    isMember: () => true,
    onRebalance: ({ code }, partitions) => {
      if (code === -175) clients.member.incrementalAssign(partitions.map((place) => ({ ...place, offset: 0 })));
      else clients.member.incrementalUnassign([...partitions]);
      assigned += code === -175 ? partitions.length : 0;
    },
  });
  ends.push(() => clients.close());
  clients.member.subscribe([topicName(settings, 'log')]);
  ends.push(reading(clients.member));
  await expect.poll(() => assigned, { timeout: 30_000 }).toBe(settings.partitions);
  return clients;
}

/** Speaks for the same group, and never joined it: as a client does for a moment that was thrown out of it. */
async function openStranger({ module, settings }: OwnTopics): Promise<KafkaConsumer> {
  const stranger = new module.KafkaConsumer(
    {
      ...clientConfig(settings, 'stranger'),
      'group.id': `${settings.prefix}detect`,
      'enable.auto.commit': false,
      offset_commit_cb: true,
    },
    {},
  );
  await settle<unknown>('connect', (done) => {
    stranger.connect({ timeout: ANSWER_MS }, done);
  });
  ends.push(() => closeWithin(ANSWER_MS, (done) => void stranger.disconnect(done)));
  stranger.setDefaultConsumeTimeout(10);
  stranger.assign([{ topic: topicName(settings, 'findings'), partition: 0, offset: 0 }]);
  ends.push(reading(stranger));
  return stranger;
}

describe('a group with a member', () => {
  it('takes offsets of the member, and refuses those of a stranger', { timeout: 90_000 }, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const place = { topic: topicName(topics.settings, 'log'), partition: 0, offset: 0 };
    const { member, commits } = await openMember(topics);
    await createGroupFence(member, (places) => commits.send(places)).confirm(place);
    const stranger = await openStranger(topics);
    const strangers = new GroupCommits(stranger);
    const fence = createGroupFence(stranger, (places) => strangers.send(places));
    await expect(fence.confirm(place)).rejects.toThrow('the group of detectors does not count this process');
  });

  it(
    'takes a stranger’s offsets within a transaction, which is why the member asks as well',
    { timeout: 90_000 },
    async (context) => {
      const topics = await makeOwnTopics(needKafka(context));
      const { module, settings } = topics;
      await openMember(topics);
      const stranger = await openStranger(topics);
      const producer = new module.Producer({
        ...clientConfig(settings, 's'),
        'transactional.id': `${settings.prefix}s`,
      });
      await settle<unknown>('connect', (done) => {
        producer.connect({ timeout: ANSWER_MS }, done);
      });
      ends.push(() => closeProducer(producer, ANSWER_MS));
      await settle('init', (done) => {
        producer.initTransactions(ANSWER_MS, done);
      });
      await settle('begin', (done) => {
        producer.beginTransaction(done);
      });
      const offsets = [{ topic: topicName(settings, 'log'), partition: 0, offset: 0 }];
      await settle('offsets', (done) => {
        producer.sendOffsetsToTransaction(offsets, stranger, ANSWER_MS, done);
      });
      await settle('commit', (done) => {
        producer.commitTransaction(ANSWER_MS, done);
      });
    },
  );
});
