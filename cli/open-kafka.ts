/** The client and the topics on Kafka, for whoever works on them. */
import type { KafkaSettings } from '../backends/kafka/kafka-settings.ts';
import { loadClient, type KafkaModule } from '../backends/kafka/load-client.ts';
import { makeTopics } from '../backends/kafka/make-topics.ts';
import { topicPlans } from '../backends/kafka/topics.ts';
import type { Config } from './config.ts';
import { kafkaSettingsOf, topicTermsOf } from './kafka-settings-of.ts';

export interface OpenedKafka {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
}

/**
 * Topics that are missing are made.
 * @throws ConfigError where the settings or the topics do not fit, UnavailableError where Kafka does not answer
 */
export async function openKafka(config: Config): Promise<OpenedKafka> {
  const settings = kafkaSettingsOf(config);
  const module = await loadClient();
  const terms = topicTermsOf(config);
  await makeTopics(module, settings, { plans: topicPlans(settings, terms), replicas: terms.replicas });
  return { module, settings };
}
