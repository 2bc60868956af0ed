/** A producer that is closed while it sends. */
import { describe, expect, it } from 'vitest';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { needKafka } from '../servers/addresses.ts';
import { makeOwnTopics } from './own-topics.ts';

const TIMES = 60;

describe('a durable producer that is closed', () => {
  it('says of everything that was under way whether it is durable', { timeout: 120_000 }, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const { module, settings } = topics;
    const place = { topic: topicName(settings, 'findings'), partition: 0 };
    let durable = 0;
    for (let time = 0; time < TIMES; time += 1) {
      const producer = await openDurableProducer(module, settings, 'test');
      const sends = [1, 2, 3].map((part) =>
        producer.send([{ ...place, key: `${String(time)}/${String(part)}`, value: Buffer.alloc(1_000) }]),
      );
      await producer.close();
      const settled = await Promise.allSettled(sends);
      durable += settled.filter(({ status }) => status === 'fulfilled').length;
      await expect(producer.send([{ ...place, key: 'late', value: null }])).rejects.toThrow('is closed');
    }
    expect((await topics.messages('findings', 0)).length).toBeGreaterThanOrEqual(durable);
    expect(durable).toBeGreaterThan(0);
  });
});
