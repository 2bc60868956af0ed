/** The connection of a member of a group that reads topics and commits how far it is. */
import type { KafkaConsumer, LibrdKafkaError, TopicPartition, TopicPartitionOffset } from 'node-rdkafka';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';
import { GroupCommits } from './group-commits.ts';
import { clientConfig, type KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { MOST_BYTES } from './topics.ts';

const CONNECT_MS = 10_000;
const CLOSE_MS = 4_000;
/** Per message, as the client counts it. */
const CONSUME_MS = 20;

export interface GroupClientOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Name of the group behind the prefix. */
  readonly group: string;
  readonly onRebalance: (error: LibrdKafkaError, partitions: readonly TopicPartition[]) => void;
  /** What the client cannot go on after. */
  readonly onFatal: (error: LibrdKafkaError) => void;
}

export interface GroupClient {
  readonly member: KafkaConsumer;
  /**
   * Resolves when the server answered, with whether it took them; false too where it does not answer in time. Answers
   * come while the member consumes.
   */
  commit(places: readonly TopicPartitionOffset[]): Promise<boolean>;
  close(): Promise<void>;
}

function memberConfig({
  settings,
  group,
  onRebalance,
}: GroupClientOptions): ConstructorParameters<KafkaModule['KafkaConsumer']>[0] {
  return {
    ...clientConfig(settings, group),
    'group.id': `${settings.prefix}${group}`,
    'partition.assignment.strategy': 'cooperative-sticky',
    'session.timeout.ms': 10_000,
    'heartbeat.interval.ms': 2_000,
    'max.poll.interval.ms': 300_000,
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'isolation.level': 'read_committed',
    'fetch.message.max.bytes': MOST_BYTES,
    'queued.max.messages.kbytes': 16_384,
    'fetch.queue.backoff.ms': 50,
    'fetch.wait.max.ms': 100,
    rebalance_cb: onRebalance,
    offset_commit_cb: true,
  };
}

/** @throws UnavailableError where no broker answers */
export async function openGroupClient(options: GroupClientOptions): Promise<GroupClient> {
  const member = new options.module.KafkaConsumer(memberConfig(options), { 'auto.offset.reset': 'earliest' });
  member.setDefaultConsumeTimeout(CONSUME_MS);
  member.on('event.error', (error) => {
    if (error.isFatal === true) options.onFatal(error);
  });
  await connectConsumer(member, { connectMs: CONNECT_MS, closeMs: CLOSE_MS });
  const commits = new GroupCommits(member);
  const commit = async (places: readonly TopicPartitionOffset[]): Promise<boolean> =>
    (await commits.send(places)) === undefined;
  const close = async (): Promise<void> => {
    await closeConsumer(member, CLOSE_MS);
  };
  return { member, commit, close };
}
