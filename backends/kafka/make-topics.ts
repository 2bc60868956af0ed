/** Topics are made where they are missing, and looked at where they are there. */
import { setTimeout as pause } from 'node:timers/promises';
import type { IAdminClient, LibrdKafkaError, Metadata, Producer } from 'node-rdkafka';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { whyUnreachable } from './look/why-unreachable.ts';
import { withReason } from './name-reason.ts';
import { closeProducer } from './settle.ts';
import type { TopicPlan } from './topics.ts';

const TIMEOUT_MS = 15_000;
const CLOSE_MS = 2_000;
const LOOK_MS = 100;
/** librdkafka's numbers of what the broker said. */
const ALREADY_EXISTS = 36;
const INVALID_REPLICATION_FACTOR = 38;

function connect(client: Producer, { brokers }: KafkaSettings): Promise<Metadata> {
  return new Promise((resolve, reject) => {
    client.connect({ timeout: TIMEOUT_MS }, (error: LibrdKafkaError | null, found) => {
      if (error === null) resolve(found);
      else reject(new UnavailableError(`Kafka at ${brokers} does not answer: ${error.message}`));
    });
  });
}

/** Partitions by topic, of those that are there. */
async function partitionsThere(module: KafkaModule, settings: KafkaSettings): Promise<ReadonlyMap<string, number>> {
  const client = new module.Producer(clientConfig(settings, 'look'));
  try {
    const metadata = await withReason(client, () => connect(client, settings));
    return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  } catch (error) {
    // This is the first that each stage asks of Kafka: whoever set it up is told as much as can be found out.
    const why = error instanceof UnavailableError ? await whyUnreachable(settings) : undefined;
    throw why === undefined ? error : new UnavailableError(`Kafka cannot be reached: ${why}`, { cause: error });
  } finally {
    await closeProducer(client, CLOSE_MS);
  }
}

function create(admin: IAdminClient, { name, partitions, config }: TopicPlan, replicas: number): Promise<void> {
  const topic = { topic: name, num_partitions: partitions, replication_factor: replicas, config };
  return new Promise((resolve, reject) => {
    admin.createTopic(topic, TIMEOUT_MS, (error: LibrdKafkaError | undefined) => {
      // Another process that starts at the same time may have been quicker.
      if (!error || error.code === ALREADY_EXISTS) resolve();
      else if (error.code === INVALID_REPLICATION_FACTOR)
        reject(new ConfigError([`topic ${name}: ${error.message}; there are fewer brokers than kafkaReplicas says`]));
      else reject(new UnavailableError(`topic ${name} cannot be made: ${error.message}`));
    });
  });
}

/** Kafka answers that a topic is made before its brokers know it: who asks for it at once is told that it is not there. */
async function awaitTopics(module: KafkaModule, settings: KafkaSettings, plans: readonly TopicPlan[]): Promise<void> {
  const until = performance.now() + TIMEOUT_MS;
  for (;;) {
    const there = await partitionsThere(module, settings);
    const missing = plans.filter(({ name }) => !there.has(name)).map(({ name }) => name);
    if (missing.length === 0) return;
    if (performance.now() > until)
      throw new UnavailableError(`Kafka at ${settings.brokers} made ${missing.join(', ')} and does not show it`);
    await pause(LOOK_MS);
  }
}

/**
 * Makes what is missing. A topic that is divided otherwise than planned is refused: sites would be looked for in the
 * wrong partition. Retention and compaction are set when a topic is made; whoever changes them later is not corrected.
 * @throws ConfigError, UnavailableError
 */
export async function makeTopics(
  module: KafkaModule,
  settings: KafkaSettings,
  { plans, replicas }: { readonly plans: readonly TopicPlan[]; readonly replicas: number },
): Promise<void> {
  const there = await partitionsThere(module, settings);
  const problems = plans.flatMap(({ name, partitions }) => {
    const found = there.get(name) ?? partitions;
    return found === partitions
      ? []
      : [
          `topic ${name} has ${String(found)} partitions, expected ${String(partitions)}: set kafkaPartitions to what ` +
            'the topics were made with, or use another kafkaPrefix',
        ];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  const missing = plans.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return;
  const admin = module.AdminClient.create(clientConfig(settings, 'admin'));
  try {
    await Promise.all(missing.map((plan) => create(admin, plan, replicas)));
  } finally {
    admin.disconnect();
  }
  await awaitTopics(module, settings, missing);
}
