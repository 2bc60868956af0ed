/**
 * One membership in a group of readers. Messages are handed over in batches, and how far it is is committed when a
 * batch was dealt with: what a crash leaves uncommitted comes again. While whoever deals with them is away, nothing more
 * is fetched, but the membership is kept. After any failure of the client it is thrown away for another one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { LibrdKafkaError, Message, TopicPartition } from 'node-rdkafka';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { BetweenTurns } from './between-turns.ts';
import { openGroupClient, type GroupClient } from './group-clients.ts';
import type { GroupFigures } from './group-figures.ts';
import { GroupQueue, type Batch, type ReadPlace } from './group-queue.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { letGo } from './let-go.ts';
import { settle } from './settle.ts';
import { topicName, type TopicName } from './topics.ts';

export interface MembershipOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Name of the group behind the prefix. */
  readonly group: string;
  readonly topics: readonly TopicName[];
  /**
   * Deals with messages, in order within each partition. What it throws as UnavailableError or ConfigError is tried
   * again for ever, the same and more; anything else ends the process.
   */
  readonly handle: (messages: readonly Message[]) => Promise<void>;
  readonly figures: GroupFigures;
  readonly onTrouble: (error: Error) => void;
}

const CONSUME_AT_ONCE = 500;
/** Bytes that wait, from which on nothing more is fetched, and below which it is again. */
const ENOUGH_BYTES = 32 * 1024 * 1024;
const FEW_BYTES = 8 * 1024 * 1024;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A batch that is under way when its partition goes, or the process ends, is waited for so long. */
const DRAIN_MS = 4_000;
const LOOK_EVERY_MS = 5_000;
const ANSWER_MS = 5_000;
const ASSIGN = -175;
const REVOKE = -174;

const mayPass = (error: unknown): error is UnavailableError | ConfigError =>
  error instanceof UnavailableError || error instanceof ConfigError;

export class GroupMembership {
  readonly #options: MembershipOptions;
  readonly #queue = new GroupQueue();
  #client: GroupClient | undefined;
  #failure: unknown;
  #isClosing = false;
  #working: Promise<void> | undefined;
  /** Ends a pause between two tries. */
  #wake = new AbortController();
  #rebalancing: Promise<void> = Promise.resolve();
  readonly #gaps = new BetweenTurns();
  #lookedAt = 0;
  #looking: Promise<void> | undefined;
  #trouble: { kafka?: Error; sink?: Error } = {};
  #isOpen = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Partitions that are read now. */
  places(): readonly ReadPlace[] {
    return this.#queue.all().map((partition) => partition.place());
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** What is not well now: the connection to Kafka, or whoever deals with the messages. */
  trouble(): { readonly kafka?: Error; readonly sink?: Error } {
    return this.#trouble;
  }

  close(): void {
    this.#isClosing = true;
    this.#interrupt();
  }

  /** Reads until it is closed. @throws UnavailableError, and what `handle` throws that trying again does not help */
  async run(): Promise<void> {
    const { module, settings, group, topics } = this.#options;
    const client = await openGroupClient({
      module,
      settings,
      group,
      onRebalance: (error, partitions) => {
        this.#onRebalance(error, partitions);
      },
      onFatal: (error) => {
        this.#fail(new UnavailableError(`Kafka refused group ${group} for good: ${error.message}`));
      },
    });
    this.#client = client;
    this.#isOpen = true;
    try {
      client.member.subscribe(topics.map((name) => topicName(settings, name)));
      while (!this.#isClosing && this.#failure === undefined) await this.#turn(client);
      await this.#drain(client);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isOpen = false;
      this.#gaps.end();
      this.#queue.forget(this.#queue.all());
      await client.close();
    }
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  #fail(error: unknown): void {
    this.#failure ??= error ?? new UnavailableError('the group failed');
    this.#interrupt();
  }

  #interrupt(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async #turn(client: GroupClient): Promise<void> {
    const messages = await settle<Message[]>('read', (done) => {
      client.member.consume(CONSUME_AT_ONCE, done);
    });
    this.#queue.add(messages);
    this.#gaps.pass();
    this.#steer(client);
    if (this.#queue.bytes > 0 && !this.#isClosing)
      this.#working ??= this.#work(client).catch((error: unknown) => {
        this.#fail(error);
      });
    if (performance.now() - this.#lookedAt > LOOK_EVERY_MS) this.#looking ??= this.#look(client);
  }

  /** Whoever is full asks for nothing more, and goes on asking all the same: that is what keeps it a member. */
  #steer({ member }: GroupClient): void {
    const { bytes } = this.#queue;
    if (bytes > FEW_BYTES && bytes < ENOUGH_BYTES) return;
    const wantsPause = bytes >= ENOUGH_BYTES;
    const places = this.#queue.all().filter(({ isPaused, isLeaving }) => isPaused !== wantsPause && !isLeaving);
    if (places.length === 0) return;
    if (wantsPause) member.pause(places.map(({ topic, partition }) => ({ topic, partition })));
    else member.resume(places.map(({ topic, partition }) => ({ topic, partition })));
    for (const place of places) place.isPaused = wantsPause;
  }

  async #work(client: GroupClient): Promise<void> {
    try {
      while (!this.#isClosing && this.#failure === undefined) {
        const batch = this.#queue.take();
        if (batch.length === 0) break;
        await this.#deal(client, batch);
        for (const { from } of batch) from.underWay = [];
      }
    } finally {
      this.#working = undefined;
    }
  }

  /** Until it is dealt with, or nothing of it is ours any more. */
  async #deal(client: GroupClient, batch: Batch): Promise<void> {
    const { handle, figures, onTrouble } = this.#options;
    let left = batch;
    for (let pauseMs = FIRST_PAUSE_MS; left.length > 0; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        await handle(left.map(({ message }) => message));
        delete this.#trouble.sink;
        await this.#commit(client, left);
        return;
      } catch (error) {
        if (!mayPass(error)) throw error;
        figures.failures += 1;
        this.#trouble.sink = error;
        onTrouble(error);
        if (this.#isClosing || this.#failure !== undefined) return;
        const asked = error instanceof UnavailableError ? error.retryAfterMs : undefined;
        left = await this.#stillOurs(left, asked ?? pauseMs);
      }
    }
  }

  /** After a pause, which ends at once where a partition goes or the process ends. */
  async #stillOurs(batch: Batch, pauseMs: number): Promise<Batch> {
    const isOurs = ({ from }: Batch[number]): boolean => !from.isLeaving && this.#queue.holds(from);
    if (batch.every(isOurs))
      await pause(pauseMs, undefined, { signal: this.#wake.signal }).catch((woken: unknown) => woken);
    for (const one of batch) if (!isOurs(one)) one.from.underWay = [];
    return batch.filter(isOurs);
  }

  async #commit(client: GroupClient, batch: Batch): Promise<void> {
    const { figures } = this.#options;
    const nexts = new Map(batch.map(({ from, message }) => [from, message.offset + 1]));
    figures.batches += 1;
    figures.messages += batch.length;
    for (const { message } of batch) figures.bytes += message.size;
    const held = [...nexts].filter(([from]) => this.#queue.holds(from));
    for (const [from, offset] of held) from.next = offset;
    if (held.length === 0) return;
    const isDone = await client.commit(held.map(([{ topic, partition }, offset]) => ({ topic, partition, offset })));
    // It comes again, and is dealt with again without effect.
    if (!isDone) figures.commitFailures += 1;
  }

  /** How far the ends are, asked of the server: what it last sent says nothing while nothing is fetched. */
  async #look({ member }: GroupClient): Promise<void> {
    try {
      for (const partition of this.#queue.all()) {
        const { highOffset } = await settle<{ readonly highOffset: number }>('look', (done) => {
          member.queryWatermarkOffsets(partition.topic, partition.partition, ANSWER_MS, done);
        });
        partition.end = highOffset;
      }
      await settle<unknown>('look', (done) => {
        member.getMetadata({ timeout: ANSWER_MS }, done);
      });
      delete this.#trouble.kafka;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      if (this.#trouble.kafka === undefined && !this.#isClosing) this.#options.onTrouble(error);
      this.#trouble.kafka = error;
    }
    this.#lookedAt = performance.now();
    this.#looking = undefined;
  }

  #onRebalance(error: LibrdKafkaError, partitions: readonly TopicPartition[]): void {
    this.#options.figures.rebalances += 1;
    const change = async (): Promise<void> => {
      if (error.code === ASSIGN) await this.#gaps.do(() => this.#assign(partitions));
      else if (error.code === REVOKE) await this.#revoke(partitions);
      else throw new UnavailableError(`the group: ${error.message}`);
    };
    this.#rebalancing = this.#rebalancing.then(change).catch((failure: unknown) => {
      this.#fail(failure);
    });
  }

  #assign(partitions: readonly TopicPartition[]): void {
    // The client waits for an answer, also to close.
    const wanted = this.#isClosing || this.#failure !== undefined ? [] : [...partitions];
    for (const place of wanted) this.#queue.assign(place);
    this.#client?.member.incrementalAssign(wanted);
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    const paused = partitions.filter((place) => this.#queue.isPaused(place));
    try {
      await this.#letGo(partitions);
    } finally {
      await this.#gaps.do(() => {
        if (this.#client !== undefined) letGo(this.#client.member, partitions, paused);
      });
    }
  }

  /** What is under way may end, and what it did is committed while the partition is still ours. */
  async #letGo(partitions: readonly TopicPartition[]): Promise<void> {
    this.#queue.leave(partitions);
    const isUnderWay = this.#queue.all().some(({ isLeaving, underWay }) => isLeaving && underWay.length > 0);
    if (isUnderWay) await Promise.race([this.#attempt(), pause(DRAIN_MS)]);
    this.#queue.forget(partitions);
  }

  /** Resolves when the work under way has nothing of a partition that goes. */
  async #attempt(): Promise<void> {
    this.#interrupt();
    while (this.#queue.all().some(({ isLeaving, underWay }) => isLeaving && underWay.length > 0)) await pause(10);
  }

  /** The end: the batch under way is waited for, and polled for meanwhile, since answers come only so. */
  async #drain(client: GroupClient): Promise<void> {
    const until = performance.now() + DRAIN_MS;
    this.#gaps.end();
    this.#queue.leave(this.#queue.all());
    while (this.#working !== undefined && performance.now() < until) {
      await settle<Message[]>('read', (done) => {
        client.member.consume(1, done);
      });
    }
    await Promise.race([this.#rebalancing, pause(DRAIN_MS)]);
    this.#queue.forget(this.#queue.all());
  }
}
