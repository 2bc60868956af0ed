/** One transaction of a test, to its end of one kind or the other. */
import type { OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import { clientConfig } from '../../backends/kafka/kafka-settings.ts';
import { settle } from '../../backends/kafka/settle.ts';
import type { OwnTopics } from './own-topics.ts';

const ANSWER_MS = 20_000;

export async function sendInTransaction(
  { module, settings }: OwnTopics,
  name: string,
  messages: readonly OutgoingMessage[],
  end: 'commit' | 'abort',
): Promise<void> {
  const producer = new module.Producer({ ...clientConfig(settings, name), 'transactional.id': settings.prefix + name });
  await settle<unknown>('connect', (done) => {
    producer.connect({ timeout: ANSWER_MS }, done);
  });
  try {
    await settle('begin', (done) => {
      producer.initTransactions(ANSWER_MS, done);
    });
    await settle('begin', (done) => {
      producer.beginTransaction(done);
    });
    for (const { topic, partition, value, key } of messages) producer.produce(topic, partition, value, key);
    await settle('flush', (done) => {
      producer.flush(ANSWER_MS, done);
    });
    await settle('end', (done) => {
      if (end === 'commit') producer.commitTransaction(ANSWER_MS, done);
      else producer.abortTransaction(ANSWER_MS, done);
    });
  } finally {
    await new Promise((resolve) => {
      producer.disconnect(resolve);
    });
  }
}
