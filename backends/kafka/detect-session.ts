/**
 * One membership in the group of detectors: partitions come and go, each with a worker of its own. It lasts until it is
 * closed or until anything is unclear; then it is thrown away, and another one goes on from what is committed.
 */
import type { KafkaConsumer, LibrdKafkaError, Message, TopicPartition } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import { BetweenTurns } from './between-turns.ts';
import { letGo } from './let-go.ts';
import { openDetectClients, SESSION_MS, type DetectClients } from './detect-clients.ts';
import type { PartitionFigures } from './detect-figures.ts';
import { openSlot, type SlotOwner, type SlotTools } from './open-slot.ts';
import type { PartitionSlot } from './partition-slot.ts';
import { watermarks } from './read-range.ts';
import { recordOf } from './read-records.ts';
import { settle, waitAtMost } from './settle.ts';
import { topicName } from './topics.ts';

export interface DetectSessionOptions extends SlotTools {
  readonly instance: string;
  readonly commitEveryMs: number;
  /** Told now and then whether the server answers and nothing stands still: with why not. */
  readonly onHealth: (trouble: Error | undefined) => void;
}

/** With the wait for each message that the client grants, a batch is open for little more than a second at most. */
const CONSUME_AT_ONCE = 250;
/** Records that wait for one partition, from which on it is not asked for more, and below which it is again. */
const ENOUGH = 20_000;
const FEW = 4_000;
/** Offsets are committed for those who watch the group from outside; nobody goes on from them. */
const SHOW_EVERY_MS = 5_000;
/** A change of the assignment that is under way when this ends is waited for so long. */
const CHANGE_MS = 5_000;
const ANSWER_MS = 5_000;
const ASSIGN = -175;
const REVOKE = -174;

function consume(member: KafkaConsumer, most: number): Promise<Message[]> {
  return settle<Message[]>('read the log', (done) => {
    member.consume(most, done);
  });
}

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
  readonly #gaps = new BetweenTurns();

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
      while (!this.#isEnding()) await this.#turn(clients);
    } catch (error) {
      this.#fail(error);
    }
    try {
      await this.#leaveAll(clients);
    } finally {
      await clients.close();
      for (const slot of this.#take([...this.#slots.keys()])) slot.drop();
    }
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  close(): void {
    this.#closing = true;
  }

  #isEnding(): boolean {
    return this.#closing || this.#failure !== undefined;
  }

  #fail(error: unknown): void {
    this.#failure ??= error ?? new UnavailableError('a partition could not be worked on');
  }

  async #turn({ member, commits }: DetectClients): Promise<void> {
    const messages = await consume(member, CONSUME_AT_ONCE);
    if (!this.isMember()) throw new UnavailableError('this process was asleep for longer than its group waits for it');
    this.#polledAt = performance.now();
    const byPartition = new Map<number, Message[]>();
    for (const message of messages) {
      const some = byPartition.get(message.partition);
      if (some === undefined) byPartition.set(message.partition, [message]);
      else some.push(message);
    }
    for (const [partition, some] of byPartition) this.#give(partition, some);
    this.#gaps.pass();
    this.#steer(member);
    this.#show(commits);
  }

  #give(partition: number, messages: readonly Message[]): void {
    const slot = this.#slots.get(partition);
    // What the client had fetched before the partition went.
    if (slot === undefined) return;
    const records = messages.map(recordOf);
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

  #show(commits: DetectClients['commits']): void {
    if (performance.now() - this.#shownAt < SHOW_EVERY_MS) return;
    this.#shownAt = performance.now();
    const topic = topicName(this.#options.settings, 'log');
    const places = [...this.#slots.values()].map((slot) => ({
      topic,
      partition: slot.partition,
      offset: slot.committed(),
    }));
    void this.#look(places);
    // Nobody goes on from them: what is refused is shown again in a moment.
    if (places.length > 0) void commits.send(places);
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
      if (places.length === 0)
        await settle<unknown>('ask', (done) => {
          clients.committed.getMetadata({ timeout: ANSWER_MS }, done);
        });
      this.#tellHealth([...this.#slots.values()].find(({ trouble }) => trouble !== undefined)?.trouble);
    } catch (error) {
      this.#tellHealth(error instanceof Error ? error : new Error(String(error)));
    }
    this.#looking = false;
  }

  /** Of one that ends, others tell. */
  #tellHealth(trouble: Error | undefined): void {
    if (!this.#isEnding()) this.#options.onHealth(trouble);
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
    if (clients === undefined) return;
    const slots = await this.#open(clients, partitions);
    const topic = topicName(this.#options.settings, 'log');
    await this.#gaps.do(() => {
      if (this.#isEnding()) {
        for (const slot of slots) slot.drop();
        // The client waits for an answer, also to close.
        clients.member.incrementalAssign([]);
        return;
      }
      for (const slot of slots) this.#slots.set(slot.partition, slot);
      clients.member.incrementalAssign(
        slots.map(({ partition, worker }) => ({ topic, partition, offset: worker.from })),
      );
    });
  }

  /** All that can be opened: what cannot ends the membership. */
  async #open(clients: DetectClients, partitions: readonly TopicPartition[]): Promise<readonly PartitionSlot[]> {
    if (this.#isEnding()) return [];
    const owner: SlotOwner = {
      clients,
      isOwned: () => this.#failure === undefined,
      isMember: () => this.isMember(),
      onFailure: (error) => {
        this.#fail(error);
      },
    };
    const opened = await Promise.allSettled(
      partitions.map(({ partition }) => openSlot(this.#options, owner, partition)),
    );
    for (const one of opened) if (one.status === 'rejected') this.#fail(one.reason);
    return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    const paused = partitions.filter(({ partition }) => this.#slots.get(partition)?.isPaused === true);
    try {
      await this.#leave(partitions.map(({ partition }) => partition));
    } finally {
      // The client waits for this, also to close.
      await this.#gaps.do(() => {
        if (this.#clients !== undefined) letGo(this.#clients.member, partitions, paused);
      });
    }
  }

  /** Nothing more is given to them from here on. */
  #take(partitions: readonly number[]): readonly PartitionSlot[] {
    return partitions.flatMap((partition) => {
      const slot = this.#slots.get(partition);
      this.#slots.delete(partition);
      return slot ?? [];
    });
  }

  async #leave(partitions: readonly number[]): Promise<void> {
    const left = this.#take(partitions).map((slot) => slot.leave(this.#failure === undefined));
    for (const one of await Promise.allSettled(left)) if (one.status === 'rejected') this.#fail(one.reason);
  }

  /** The server is polled meanwhile: its answers come only so. */
  async #leaveAll({ member }: DetectClients): Promise<void> {
    this.#gaps.end();
    let isDone = false;
    const leaving = waitAtMost(CHANGE_MS, this.#rebalancing)
      .then(() => this.#leave([...this.#slots.keys()]))
      .finally(() => {
        isDone = true;
      });
    try {
      while (!isDone) await consume(member, 1);
    } catch (error) {
      this.#fail(error);
    }
    await leaving;
  }
}
