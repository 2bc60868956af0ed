/**
 * One membership in the group of detectors: partitions come and go, each with a worker of its own. It lasts until it is
 * closed or until anything is unclear; then it is thrown away, and another one goes on from what is committed.
 */
import type { LibrdKafkaError, Message, TopicPartition } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { OwnedPartition, PartitionWorker } from '../../contracts/ports/partition.ts';
import type { Tracer } from '../../contracts/ports/tracer.ts';
import { openDetectClients, SESSION_MS, type DetectClients } from './detect-clients.ts';
import { noteLatency, type DetectFigures, type PartitionFigures } from './detect-figures.ts';
import { createKafkaPartition } from './kafka-partition.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { PartitionSlot } from './partition-slot.ts';
import { PartitionTraces } from './partition-traces.ts';
import { watermarks } from './read-range.ts';
import { readRecords } from './read-records.ts';
import type { RegistryShelf } from './registry-shelf.ts';
import { settle } from './settle.ts';
import { takeOver, type TakeOverTools } from './take-over.ts';
import { topicName } from './topics.ts';
import type { ValueFile } from './value-file.ts';

export interface DetectSessionOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly instance: string;
  readonly commitEveryMs: number;
  readonly figures: DetectFigures;
  readonly shelf: RegistryShelf;
  readonly file: ValueFile;
  readonly registryOf: TakeOverTools['registryOf'];
  readonly sharedKey: string;
  /** Makes the detector of a partition from its state. */
  readonly createWorker: (at: OwnedPartition) => PartitionWorker;
  readonly now: () => number;
  readonly tracer?: Tracer | undefined;
  /** Told now and then whether the server answers: with why it does not. */
  readonly onHealth: (trouble: Error | undefined) => void;
}

/** With the wait for each message that the client grants, a batch is open for five seconds at most. */
const CONSUME_AT_ONCE = 250;
/** Records that wait for one partition, from which on it is not asked for more, and below which it is again. */
const ENOUGH = 20_000;
const FEW = 4_000;
/** Offsets are committed for those who watch the group from outside; nobody goes on from them. */
const SHOW_EVERY_MS = 5_000;
const ASSIGN = -175;
const REVOKE = -174;

export class DetectSession {
  readonly #options: DetectSessionOptions;
  readonly #slots = new Map<number, PartitionSlot>();
  readonly #ends = new Map<number, number>();
  #clients: DetectClients | undefined;
  #failure: unknown;
  #closing = false;
  #polledAt = performance.now();
  #looking = false;
  #shownAt = performance.now();
  /** One change of the assignment after the other. */
  #rebalancing: Promise<void> = Promise.resolve();

  constructor(options: DetectSessionOptions) {
    this.#options = options;
  }

  /** Partitions that are worked on now. */
  partitions(): readonly PartitionFigures[] {
    return [...this.#slots.values()].map((slot) => ({
      partition: slot.partition,
      next: slot.worker.next(),
      end: Math.max(this.#ends.get(slot.partition) ?? 0, slot.worker.next()),
      oldestReceived: slot.oldestReceived(),
    }));
  }

  isMember(): boolean {
    return performance.now() - this.#polledAt < SESSION_MS;
  }

  /** Works until it is closed. @throws UnavailableError, and whatever a detector throws; nothing unclear is left behind */
  async run(): Promise<void> {
    const { module, settings, instance, commitEveryMs, figures } = this.#options;
    this.#clients = await openDetectClients({
      module,
      settings,
      instance,
      commitEveryMs,
      figures: figures.commits,
      onRebalance: (error, partitions) => {
        this.#onRebalance(error, partitions);
      },
      isMember: () => this.isMember(),
    });
    const clients = this.#clients;
    this.#options.onHealth(undefined);
    this.#polledAt = performance.now();
    try {
      clients.member.subscribe([topicName(settings, 'log')]);
      while (!this.#closing && this.#failure === undefined) await this.#turn(clients);
      await this.#leaveAll(this.#failure === undefined);
    } finally {
      for (const slot of this.#slots.values()) slot.worker.close();
      this.#slots.clear();
      await clients.close();
    }
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  close(): void {
    this.#closing = true;
  }

  #fail(error: unknown): void {
    this.#failure ??= error ?? new UnavailableError('a partition could not be worked on');
  }

  async #turn({ member }: DetectClients): Promise<void> {
    const messages = await settle<Message[]>('read the log', (done) => {
      member.consume(CONSUME_AT_ONCE, done);
    });
    if (!this.isMember()) throw new UnavailableError('this process was asleep for longer than its group waits for it');
    this.#polledAt = performance.now();
    const byPartition = new Map<number, Message[]>();
    for (const message of messages) {
      const some = byPartition.get(message.partition);
      if (some === undefined) byPartition.set(message.partition, [message]);
      else some.push(message);
    }
    for (const [partition, some] of byPartition) await this.#give(partition, some);
    this.#steer(member);
    this.#show(member);
  }

  async #give(partition: number, messages: readonly Message[]): Promise<void> {
    const slot = this.#slots.get(partition);
    if (slot === undefined) return;
    const records = await readRecords(messages, this.#options.shelf);
    this.#ends.set(partition, (records.at(-1)?.offset ?? -1) + 1);
    slot.traces?.begin(messages, records, slot.worker.next());
    slot.add(records);
  }

  /** What is far behind is asked for no more until it has caught up: the others go on. */
  #steer(member: DetectClients['member']): void {
    for (const slot of this.#slots.values()) {
      const place = [{ topic: topicName(this.#options.settings, 'log'), partition: slot.partition }];
      if (!slot.isPaused && slot.waiting() > ENOUGH) member.pause(place);
      else if (slot.isPaused && slot.waiting() < FEW) member.resume(place);
      else continue;
      slot.isPaused = !slot.isPaused;
    }
  }

  #show(member: DetectClients['member']): void {
    if (performance.now() - this.#shownAt < SHOW_EVERY_MS || this.#slots.size === 0) return;
    this.#shownAt = performance.now();
    const topic = topicName(this.#options.settings, 'log');
    const places = [...this.#slots.values()].map(({ partition, worker }) => ({
      topic,
      partition,
      offset: worker.next(),
    }));
    void this.#look(places);
    member.commit(places);
  }

  /** How far the log is: also where nothing comes because the server hangs. */
  async #look(places: readonly { readonly topic: string; readonly partition: number }[]): Promise<void> {
    const clients = this.#clients;
    if (clients === undefined || this.#looking) return;
    this.#looking = true;
    try {
      for (const { topic, partition } of places) {
        const { highOffset } = await watermarks(clients.committed, topic, partition);
        this.#ends.set(partition, highOffset);
      }
      this.#options.onHealth(undefined);
    } catch (error) {
      this.#options.onHealth(error instanceof Error ? error : new Error(String(error)));
    }
    this.#looking = false;
  }

  #onRebalance(error: LibrdKafkaError, partitions: readonly TopicPartition[]): void {
    this.#options.figures.rebalances += 1;
    const change = async (): Promise<void> => {
      if (error.code === ASSIGN) await this.#assign(partitions);
      else if (error.code === REVOKE) await this.#revoke(partitions);
      else throw new UnavailableError(`the group of detectors: ${error.message}`);
    };
    this.#rebalancing = this.#rebalancing.then(change).catch((failure: unknown) => {
      this.#fail(failure);
    });
  }

  async #assign(partitions: readonly TopicPartition[]): Promise<void> {
    const clients = this.#clients;
    if (clients === undefined || this.#closing || this.#failure !== undefined) return;
    const slots = await Promise.all(partitions.map(({ partition }) => this.#open(clients, partition)));
    if (this.#failure !== undefined || this.#closing) {
      for (const slot of slots) slot.worker.close();
      return;
    }
    for (const slot of slots) this.#slots.set(slot.partition, slot);
    const topic = topicName(this.#options.settings, 'log');
    clients.member.incrementalAssign(slots.map(({ partition, worker }) => ({ topic, partition, offset: worker.from })));
    // The client remembers what was paused when it was here before.
    clients.member.resume(slots.map(({ partition }) => ({ topic, partition })));
  }

  async #open(
    { committer, committed, uncommitted, producer }: DetectClients,
    partition: number,
  ): Promise<PartitionSlot> {
    const { module, settings, shelf, file, figures, registryOf, sharedKey, tracer, now } = this.#options;
    const startedAt = performance.now();
    const tools: TakeOverTools = {
      module,
      settings,
      shelf,
      file,
      committed,
      uncommitted,
      registryOf,
      sharedKey,
      ...(producer === undefined ? {} : { producer }),
    };
    const taken = await takeOver(tools, partition);
    const isOwned = (): boolean => this.#failure === undefined;
    const next = Number(taken.table.get('next') ?? 0);
    const traces = tracer === undefined ? undefined : new PartitionTraces(tracer, partition, now);
    const at = createKafkaPartition({ module, settings, partition, committer, isOwned, traces, ...taken }, next);
    const worker = this.#options.createWorker(at);
    figures.takeOvers += 1;
    figures.takeOverSeconds += (performance.now() - startedAt) / 1_000;
    const failure = (error: unknown): void => {
      this.#fail(error);
    };
    const done = (records: readonly LogRecord[]): void => {
      this.#note(records);
    };
    return new PartitionSlot(partition, worker, { failure, done }, traces);
  }

  #note(records: readonly LogRecord[]): void {
    const { figures, now } = this.#options;
    figures.records += records.length;
    const at = now();
    for (const { kind, received } of records)
      if (kind === 'report') noteLatency(figures, Math.max(0, at - received) / 1_000);
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    try {
      await Promise.all(partitions.map(({ partition }) => this.#leave(partition, true)));
    } finally {
      // The client waits for this, also to close.
      this.#clients?.member.incrementalUnassign(partitions as TopicPartition[]);
    }
  }

  async #leave(partition: number, saves: boolean): Promise<void> {
    const slot = this.#slots.get(partition);
    if (slot === undefined) return;
    this.#slots.delete(partition);
    await slot.leave(saves && this.#failure === undefined);
  }

  async #leaveAll(saves: boolean): Promise<void> {
    await this.#rebalancing;
    await Promise.all([...this.#slots.keys()].map((partition) => this.#leave(partition, saves)));
  }
}
