/** Topics of one test alone: a prefix that nobody else has, few partitions, everything read back by another client. */
import { randomBytes } from 'node:crypto';
import type { Message } from 'node-rdkafka';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { loadClient, type KafkaModule } from '../../backends/kafka/load-client.ts';
import { makeTopics } from '../../backends/kafka/make-topics.ts';
import { readRange } from '../../backends/kafka/read-range.ts';
import { decodeRecord } from '../../backends/kafka/record-wire.ts';
import { topicName, topicPlans, type TopicName } from '../../backends/kafka/topics.ts';
import type { LogRecord } from '../../contracts/log-record.ts';

export interface OwnTopics {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** What is committed in a partition now. */
  messages(name: TopicName, partition: number): Promise<readonly Message[]>;
  /** The same of `log` or `backlog`, as records. */
  records(partition: number, name?: 'log' | 'backlog'): Promise<readonly LogRecord[]>;
}

/** @param brokers where the topics are made; also what the settings name, unless `through` stands between */
export async function makeOwnTopics(brokers: string, through = brokers): Promise<OwnTopics> {
  const module = await loadClient();
  const prefix = `test-${randomBytes(6).toString('hex')}.`;
  const direct: KafkaSettings = { brokers, prefix, partitions: 3, transactions: true };
  const terms = { logDays: 400, outcomeDays: 400, sampleDays: 14, replicas: 1 };
  await makeTopics(module, direct, { plans: topicPlans(direct, terms), replicas: 1 });
  const messages = async (name: TopicName, partition: number): Promise<readonly Message[]> => {
    const found: Message[] = [];
    const range = { topic: topicName(direct, name), partition, fromOffset: 0 };
    for await (const some of readRange(module, direct, range)) found.push(...some);
    return found;
  };
  return {
    module,
    settings: { ...direct, brokers: through },
    messages,
    records: async (partition, name = 'log') =>
      (await messages(name, partition)).map(({ value, key, offset }) =>
        decodeRecord(value ?? Buffer.alloc(0), String(key ?? ''), offset),
      ),
  };
}
