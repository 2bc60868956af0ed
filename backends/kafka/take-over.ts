/** What a process needs to go on with a partition: the state that its last owner committed. */
import type { KafkaConsumer } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import type { DurableProducer, OutgoingMessage } from './durable-producer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { decideEpoch, epochAfter } from './owner-epoch.ts';
import { readRange, watermarks } from './read-range.ts';
import type { RegistryShelf } from './registry-shelf.ts';
import { StateAssembly, type StateTable } from './state-table.ts';
import type { StatePlace } from './state-wire.ts';
import { topicName } from './topics.ts';
import type { ValueFile } from './value-file.ts';

export interface TakeOverTools {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly shelf: RegistryShelf;
  readonly file: ValueFile;
  /** Sees what is committed only. */
  readonly committed: KafkaConsumer;
  /** Sees what is under way as well. */
  readonly uncommitted: KafkaConsumer;
  /** Given where there are no transactions: the owner writes an epoch of its own. */
  readonly producer?: DurableProducer;
  /** False once the group may have given the partition to somebody else. */
  readonly isMember: () => boolean;
  readonly now: () => number;
  /** Digest of the registry that a saved state names. */
  readonly registryOf: (shared: string) => string | undefined;
  /** Under which key the state names it. */
  readonly sharedKey: string;
}

export interface TakenOver {
  readonly table: StateTable;
  readonly epoch: number;
  readonly registries: ReadonlyMap<string, readonly RegistryText[]>;
  /** First offset of the log that is kept. */
  readonly first: number;
}

/** Longer than the broker lets a transaction be open, with its own clock's grain of ten seconds. */
const PATIENCE_MS = 45_000;
const LOOK_MS = 100;

/**
 * A transaction of the owner before may be under way: it ends by itself or is ended, and only then counts or not.
 * @returns how far the state reaches then
 */
async function awaitEndOfOwner(
  { settings, committed, uncommitted }: TakeOverTools,
  partition: number,
): Promise<number> {
  const topic = topicName(settings, 'state');
  const { highOffset: end } = await watermarks(uncommitted, topic, partition);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { highOffset: stable } = await watermarks(committed, topic, partition);
    if (stable >= end) return end;
    if (performance.now() > until)
      throw new UnavailableError(`a transaction on ${topic}/${String(partition)} does not end`);
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS);
    });
  }
}

interface Beginning {
  readonly producer: DurableProducer;
  readonly place: StatePlace;
  readonly decided: number;
  readonly isMember: () => boolean;
}

/** Everything under an epoch of this owner's, durable before anything else is written; what is older is deleted. */
async function beginEpoch(
  { producer, place, decided, isMember }: Beginning,
  found: ReturnType<StateAssembly['result']>,
): Promise<number> {
  const send = async (messages: readonly OutgoingMessage[]): Promise<void> => {
    if (!isMember())
      throw new UnavailableError('this process was not heard of for too long while it took a partition over');
    await producer.send(messages);
  };
  const epoch = epochAfter(decided, found.epoch);
  await send(found.table.allMessages(place, epoch));
  const old = found.table.keys('').map((key) => `${String(found.epoch)}:${key}`);
  const deleted = [...found.stale, ...old, `${String(found.epoch)}:head`];
  await send(deleted.map((key): OutgoingMessage => ({ ...place, key, value: null })));
  return epoch;
}

/** Registries that the state names, with their files. */
async function registriesOf(
  { shelf, sharedKey, registryOf }: TakeOverTools,
  table: StateTable,
): Promise<TakenOver['registries']> {
  const shared = table.get(sharedKey);
  const digest = shared === undefined ? undefined : registryOf(shared);
  return new Map(digest === undefined ? [] : [[digest, await shelf.files(digest)]]);
}

async function readState(
  { module, settings, file }: TakeOverTools,
  place: StatePlace,
  reaches: number,
): Promise<ReturnType<StateAssembly['result']>> {
  const assembly = new StateAssembly(file);
  try {
    for await (const messages of readRange(module, settings, { ...place, fromOffset: 0, reaches }))
      for (const message of messages) assembly.take(message);
  } catch (error) {
    assembly.result().table.clear();
    throw error;
  }
  return assembly.result();
}

/** @throws UnavailableError where Kafka does not answer; nothing of the state is then held */
export async function takeOver(tools: TakeOverTools, partition: number): Promise<TakenOver> {
  const { settings, producer, isMember } = tools;
  const place = { topic: topicName(settings, 'state'), partition };
  const reaches = await awaitEndOfOwner(tools, partition);
  const decided = decideEpoch(tools.now());
  const found = await readState(tools, place, reaches);
  try {
    const epoch =
      producer === undefined ? found.epoch : await beginEpoch({ producer, place, decided, isMember }, found);
    const registries = await registriesOf(tools, found.table);
    const { lowOffset } = await watermarks(tools.committed, topicName(settings, 'log'), partition);
    return { table: found.table, epoch, registries, first: lowOffset };
  } catch (error) {
    found.table.clear();
    throw error;
  }
}
