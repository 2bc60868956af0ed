/** The part of the configuration that the Kafka backend works with. */
import type { KafkaSettings } from '../backends/kafka/kafka-settings.ts';
import type { TopicTerms } from '../backends/kafka/topics.ts';
import { ConfigError } from '../contracts/errors.ts';
import type { Config } from './config.ts';
import { kafkaAccessOf } from './kafka-access.ts';

/** Values are in the series long before; who was away for longer has them made again from the log. */
const SAMPLE_DAYS = 14;

/** @throws ConfigError where the log is not on Kafka, or a file of its settings cannot be used */
export function kafkaSettingsOf(config: Config): KafkaSettings {
  const { log, kafkaBrokers, kafkaPrefix, kafkaPartitions, kafkaTransactions } = config;
  if (log !== 'kafka' || kafkaBrokers === undefined)
    throw new ConfigError(['this stage works on Kafka: set log: kafka and kafkaBrokers: host:port,…']);
  const access = kafkaAccessOf(config);
  return {
    brokers: kafkaBrokers,
    prefix: kafkaPrefix,
    partitions: kafkaPartitions,
    transactions: kafkaTransactions,
    ...(access === undefined ? {} : { access }),
  };
}

export function topicTermsOf({ retainLogDays, retainMeanDays, kafkaReplicas }: Config): TopicTerms {
  return { logDays: retainLogDays, outcomeDays: retainMeanDays, sampleDays: SAMPLE_DAYS, replicas: kafkaReplicas };
}
