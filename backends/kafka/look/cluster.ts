/** What the brokers say of themselves and of their topics; nothing is made by asking. */
import { UnavailableError } from '../../../contracts/errors.ts';
import type { KafkaAccess } from '../kafka-settings.ts';
import { API } from './api.ts';
import { ByteWriter, type ByteReader } from './bytes.ts';
import { connectBroker, type BrokerConnection } from './broker-connection.ts';
import { nameOf, type Address } from './open-socket.ts';

export interface FoundPartition {
  readonly partition: number;
  /** Broker that leads it; below 0 = none. */
  readonly leader: number;
  readonly replicas: number;
  readonly inSync: number;
}

export interface FoundTopic {
  readonly name: string;
  readonly partitions: readonly FoundPartition[];
}

export interface Cluster {
  readonly brokers: ReadonlyMap<number, Address>;
  /** Of those that were asked for, the ones that are there. */
  readonly topics: ReadonlyMap<string, FoundTopic>;
}

/** Of what is asked of one server. */
export const LIMIT_MS = 5_000;
const TOPIC = 2;
const IS_MISSING = 3;

/** `host:port,…`; the port is 9092 where none is said, as the client has it. */
export function bootstrapAddresses(brokers: string): readonly Address[] {
  return brokers.split(',').flatMap((one) => {
    const bare = one.trim().replace(/^[a-z_]+:\/\//i, '');
    const found = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(bare);
    if (found?.[1] === undefined) return [];
    return [{ host: found[1].replaceAll(/[[\]]/g, ''), port: Number(found[2] ?? 9_092) }];
  });
}

function readPartition(answer: ByteReader): FoundPartition {
  // Its own trouble shows in what follows: no leader, fewer in sync.
  answer.int16();
  const partition = answer.int32();
  const leader = answer.int32();
  const replicas = answer.list(() => answer.int32()).length;
  return { partition, leader, replicas, inSync: answer.list(() => answer.int32()).length };
}

function readCluster(answer: ByteReader): Cluster {
  answer.int32();
  const brokers = answer.list(() => {
    const id = answer.int32();
    const address = { host: answer.text() ?? '', port: answer.int32() };
    answer.text();
    return [id, address] as const;
  });
  answer.text();
  answer.int32();
  const topics = answer.list(() => {
    const fault = answer.int16();
    const name = answer.text() ?? '';
    answer.int8();
    const partitions = answer.list(() => readPartition(answer));
    if (fault !== 0 && fault !== IS_MISSING && partitions.length === 0)
      throw new UnavailableError(`topic ${name}: Kafka answers error ${String(fault)}`);
    return { name, partitions: partitions.sort((one, other) => one.partition - other.partition), fault };
  });
  return {
    brokers: new Map(brokers),
    topics: new Map(topics.filter(({ fault }) => fault !== IS_MISSING).map((topic) => [topic.name, topic])),
  };
}

/** @throws UnavailableError */
async function askCluster(connection: BrokerConnection, topics: readonly string[]): Promise<Cluster> {
  const request = new ByteWriter();
  request.list(topics, (name) => request.text(name)).int8(0);
  return readCluster(await connection.ask(API.metadata, request.bytes()));
}

/**
 * What broker of the list says; each is asked by itself.
 * @returns by `host:port`: what it knows, or why it does not answer
 */
export async function askEach(
  addresses: readonly Address[],
  { topics, access }: { readonly topics: readonly string[]; readonly access: KafkaAccess | undefined },
): Promise<ReadonlyMap<string, Cluster | Error>> {
  const asked = addresses.map(async (address): Promise<readonly [string, Cluster | Error]> => {
    const signal = AbortSignal.timeout(LIMIT_MS);
    try {
      const connection = await connectBroker(address, signal, access);
      try {
        return [nameOf(address), await askCluster(connection, topics)];
      } finally {
        connection.close();
      }
    } catch (error) {
      return [nameOf(address), error instanceof Error ? error : new Error(String(error))];
    }
  });
  return new Map(await Promise.all(asked));
}

export type TopicConfig = ReadonlyMap<string, string>;

/** @throws UnavailableError, also where the broker refuses to say @returns by topic */
export async function askConfigs(
  connection: BrokerConnection,
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicConfig>> {
  const request = new ByteWriter();
  request.list(topics, (name) => request.int8(TOPIC).text(name).int32(-1)).int8(0);
  const answer = await connection.ask(API.describeConfigs, request.bytes());
  answer.int32();
  const found = answer.list(() => {
    const fault = answer.int16();
    const why = answer.text();
    answer.int8();
    const name = answer.text() ?? '';
    if (fault !== 0)
      throw new UnavailableError(`the configuration of ${name} is not told: ${why ?? `error ${String(fault)}`}`);
    const entries = answer.list(() => {
      const entry = [answer.text() ?? '', answer.text() ?? ''] as const;
      // Whether it can be changed, where it comes from, whether it is secret; what else it could come from.
      for (let flag = 0; flag < 3; flag += 1) answer.int8();
      answer.list(() => [answer.text(), answer.text(), answer.int8()]);
      return entry;
    });
    return [name, new Map(entries)] as const;
  });
  return new Map(found);
}
