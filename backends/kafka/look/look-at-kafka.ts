/** Everything that can be seen of Kafka from outside, without a group, a topic or a record being made by looking. */
import { UnavailableError } from '../../../contracts/errors.ts';
import type { KafkaAccess, KafkaSettings } from '../kafka-settings.ts';
import { topicName } from '../topics.ts';
import { connectBroker, type BrokerConnection } from './broker-connection.ts';
import {
  askConfigs,
  askEach,
  bootstrapAddresses,
  LIMIT_MS,
  type Cluster,
  type FoundTopic,
  type TopicConfig,
} from './cluster.ts';
import { askCommitted, askGroup, findCoordinator, type FoundGroup } from './group-look.ts';
import { nameOf, type Address } from './open-socket.ts';
import { askBatch, askOffsets, type BatchHead } from './partition-ends.ts';

/** What was asked for, or why it is not known. */
export type Found<T> = T | Error;

/** What a group has not read of a partition. */
export interface WaitingPartition {
  readonly partition: number;
  readonly waiting: number;
  /** When the oldest of it was written, epoch ms; undefined where nothing waits. */
  readonly oldestAt: number | undefined;
}

export interface KafkaFacts {
  /** Of the settings and, behind them, those that these name: why one does not answer, undefined where it does. */
  readonly brokers: ReadonlyMap<string, Error | undefined>;
  /** Absent where no broker answers: then nothing else is known. */
  readonly cluster: Cluster | undefined;
  readonly configs: Found<ReadonlyMap<string, TopicConfig>>;
  readonly detect: Found<FoundGroup>;
  readonly lag: Found<readonly WaitingPartition[]>;
  readonly backlog: Found<readonly WaitingPartition[]>;
  /** When the newest record of each partition of the log was written; no entry for an empty one. */
  readonly newest: Found<ReadonlyMap<number, number>>;
}

/** Marks that may stand behind each other, of transactions that wrote nothing here. */
const MOST_MARKS = 16;

/** Connections of one look, each opened once, all of them under one limit. */
class Connections {
  readonly #signal = AbortSignal.timeout(LIMIT_MS);
  readonly #opened = new Map<string, Promise<BrokerConnection>>();
  readonly #access: KafkaAccess | undefined;

  constructor(access: KafkaAccess | undefined) {
    this.#access = access;
  }

  to(address: Address | undefined): Promise<BrokerConnection> {
    if (address === undefined) return Promise.reject(new UnavailableError('a partition has no leader now'));
    const name = nameOf(address);
    const opened = this.#opened.get(name) ?? connectBroker(address, this.#signal, this.#access);
    this.#opened.set(name, opened);
    return opened;
  }

  async close(): Promise<void> {
    for (const one of await Promise.allSettled(this.#opened.values()))
      if (one.status === 'fulfilled') one.value.close();
  }
}

async function attempt<T>(
  access: KafkaAccess | undefined,
  ask: (connections: Connections) => Promise<T>,
): Promise<Found<T>> {
  const connections = new Connections(access);
  try {
    return await ask(connections);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await connections.close();
  }
}

/** Calls with each leader and the partitions that it leads, and puts what it says together. */
async function ofLeaders<T>(
  { cluster, connections }: { readonly cluster: Cluster; readonly connections: Connections },
  { partitions }: FoundTopic,
  ask: (leader: BrokerConnection, led: readonly number[]) => Promise<ReadonlyMap<number, T>>,
): Promise<ReadonlyMap<number, T>> {
  const parts = [...new Set(partitions.map(({ leader }) => leader))].map(async (id) => {
    const leader = await connections.to(cluster.brokers.get(id));
    const led = partitions.flatMap(({ partition, leader: other }) => (other === id ? [partition] : []));
    return [...(await ask(leader, led))];
  });
  return new Map((await Promise.all(parts)).flat());
}

/** The first batch with messages from an offset on. */
async function firstWritten(
  leader: BrokerConnection,
  topic: string,
  place: { readonly partition: number; readonly offset: number; readonly end: number },
): Promise<BatchHead | undefined> {
  let { offset } = place;
  for (let marks = 0; offset < place.end && marks < MOST_MARKS; marks += 1) {
    const head = await askBatch(leader, topic, { partition: place.partition, offset });
    if (head?.isMark !== true) return head;
    offset = head.lastOffset + 1;
  }
  return undefined;
}

interface Reached {
  readonly cluster: Cluster;
  readonly access: KafkaAccess | undefined;
}

async function askWaiting(
  { cluster, access }: Reached,
  name: string,
  group: string,
): Promise<Found<readonly WaitingPartition[]>> {
  const topic = cluster.topics.get(name);
  const [any] = cluster.brokers.values();
  if (topic === undefined) return new UnavailableError(`there is no topic ${name}`);
  return attempt(access, async (connections) => {
    const coordinator = await connections.to(await findCoordinator(await connections.to(any), group));
    const committed = await askCommitted(coordinator, group, { name, partitions: topic.partitions.length });
    const found = await ofLeaders({ cluster, connections }, topic, async (leader, partitions) => {
      const starts = await askOffsets(leader, name, { partitions, at: 'start' });
      const ends = await askOffsets(leader, name, { partitions, at: 'end' });
      const asked = partitions.map(async (partition): Promise<readonly [number, WaitingPartition]> => {
        const start = starts.get(partition) ?? 0;
        const end = ends.get(partition) ?? start;
        const offset = Math.max(committed.get(partition) ?? start, start);
        const oldest = await firstWritten(leader, name, { partition, offset, end });
        const waiting = oldest === undefined ? 0 : end - offset;
        return [partition, { partition, waiting, oldestAt: oldest?.firstAt }];
      });
      return new Map(await Promise.all(asked));
    });
    return [...found.values()];
  });
}

async function askNewest({ cluster, access }: Reached, name: string): Promise<Found<ReadonlyMap<number, number>>> {
  const topic = cluster.topics.get(name);
  if (topic === undefined) return new UnavailableError(`there is no topic ${name}`);
  return attempt(access, (connections) =>
    ofLeaders({ cluster, connections }, topic, async (leader, partitions) => {
      const starts = await askOffsets(leader, name, { partitions, at: 'start' });
      const ends = await askOffsets(leader, name, { partitions, at: 'end' });
      const filled = partitions.filter((partition) => (ends.get(partition) ?? 0) > (starts.get(partition) ?? 0));
      const asked = filled.map(async (partition) => {
        const head = await askBatch(leader, name, { partition, offset: (ends.get(partition) ?? 1) - 1 });
        return head === undefined ? [] : ([[partition, head.lastAt]] as const);
      });
      return new Map((await Promise.all(asked)).flat());
    }),
  );
}

const NOT_ASKED = new UnavailableError('no broker answers');
const NOTHING = { cluster: undefined, configs: NOT_ASKED, detect: NOT_ASKED, lag: NOT_ASKED } as const;

/** Why each of them does not answer. */
function troubles(answers: ReadonlyMap<string, Cluster | Error>): [string, Error | undefined][] {
  return [...answers].map(([name, answer]) => [name, answer instanceof Error ? answer : undefined]);
}

/** Each question has 5 s; all of it takes at most three times as long. @param topics names of all that are looked for */
export async function lookAtKafka(settings: KafkaSettings, topics: readonly string[]): Promise<KafkaFacts> {
  const { access } = settings;
  const named = await askEach(bootstrapAddresses(settings.brokers), { topics, access });
  const cluster = [...named.values()].find((answer): answer is Cluster => !(answer instanceof Error));
  if (cluster === undefined)
    return { ...NOTHING, brokers: new Map(troubles(named)), backlog: NOT_ASKED, newest: NOT_ASKED };
  const others = [...cluster.brokers.values()].filter((address) => !named.has(nameOf(address)));
  const brokers = new Map([...troubles(named), ...troubles(await askEach(others, { topics: [], access }))]);
  const there = [...cluster.topics.keys()];
  const [any] = [...cluster.brokers.values()].filter((address) => brokers.get(nameOf(address)) === undefined);
  const group = `${settings.prefix}detect`;
  const reached = { cluster, access };
  const [configs, detect, lag, backlog, newest] = await Promise.all([
    attempt(access, async (connections) => askConfigs(await connections.to(any), there)),
    attempt(access, async (connections) => {
      const coordinator = await findCoordinator(await connections.to(any), group);
      return askGroup(await connections.to(coordinator), group);
    }),
    askWaiting(reached, topicName(settings, 'log'), group),
    askWaiting(reached, topicName(settings, 'backlog'), `${settings.prefix}backlog`),
    askNewest(reached, topicName(settings, 'log')),
  ]);
  return { brokers, cluster, configs, detect, lag, backlog, newest };
}
