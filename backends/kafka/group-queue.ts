/** What a member of a group has read and not worked on yet: by partition, bounded by bytes. */
import type { Message, TopicPartition } from 'node-rdkafka';

export interface ReadPlace {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next message to be worked on; undefined before the first. */
  readonly next: number | undefined;
  /** Behind the last message that the server has; undefined while it did not say. */
  readonly end: number | undefined;
  /** When the oldest message that waits here was written; undefined where none does. */
  readonly oldestAt: number | undefined;
}

/** A partition as long as it is assigned once: after it went and came back it is another one. */
export class AssignedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly queue: Message[] = [];
  /** Taken out of the queue and not done yet. */
  underWay: readonly Message[] = [];
  next: number | undefined;
  end: number | undefined;
  isPaused = false;
  /** It goes: nothing more is taken from it. */
  isLeaving = false;

  constructor({ topic, partition }: TopicPartition) {
    this.topic = topic;
    this.partition = partition;
  }

  place(): ReadPlace {
    const { topic, partition, next, end } = this;
    const oldest = this.underWay[0] ?? this.queue[0];
    return { topic, partition, next, end, oldestAt: oldest?.timestamp };
  }
}

/** Messages of one turn of work, with where they are from. */
export type Batch = readonly { readonly from: AssignedPartition; readonly message: Message }[];

const MOST_MESSAGES = 2_000;
const MOST_BYTES = 8 * 1024 * 1024;

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${String(partition)}`;
}

export class GroupQueue {
  readonly #partitions = new Map<string, AssignedPartition>();
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  all(): readonly AssignedPartition[] {
    return [...this.#partitions.values()];
  }

  isPaused(place: TopicPartition): boolean {
    return this.#partitions.get(keyOf(place))?.isPaused === true;
  }

  assign(place: TopicPartition): void {
    this.#partitions.set(keyOf(place), new AssignedPartition(place));
  }

  /** Nothing more is taken from these; what waits is dropped, what is under way may still be done. */
  leave(places: readonly TopicPartition[]): void {
    for (const place of places) {
      const partition = this.#partitions.get(keyOf(place));
      if (partition === undefined) continue;
      partition.isLeaving = true;
      for (const message of partition.queue.splice(0)) this.#bytes -= message.size;
    }
  }

  forget(places: readonly TopicPartition[]): void {
    this.leave(places);
    for (const place of places) this.#partitions.delete(keyOf(place));
  }

  /** Whether this is still the assignment that it was. */
  holds(partition: AssignedPartition): boolean {
    return this.#partitions.get(keyOf(partition)) === partition;
  }

  add(messages: readonly Message[]): void {
    for (const message of messages) {
      const partition = this.#partitions.get(keyOf(message));
      // What the client had fetched before the partition went.
      if (partition === undefined || partition.isLeaving) continue;
      partition.queue.push(message);
      partition.next ??= message.offset;
      this.#bytes += message.size;
    }
  }

  /** The oldest of each partition, at most as much as one turn of work should be; in order within a partition. */
  take(): Batch {
    const batch: { from: AssignedPartition; message: Message }[] = [];
    let bytes = 0;
    for (const from of this.#byAge()) {
      let count = 0;
      while (count < from.queue.length && batch.length < MOST_MESSAGES && (bytes < MOST_BYTES || batch.length === 0)) {
        const message = from.queue[count] as Message;
        batch.push({ from, message });
        bytes += message.size;
        count += 1;
      }
      from.underWay = from.queue.splice(0, count);
    }
    this.#bytes -= bytes;
    return batch;
  }

  /** Whoever waits longest comes first, so that none is left behind. */
  #byAge(): readonly AssignedPartition[] {
    const waiting = this.all().filter(({ queue }) => queue.length > 0);
    return waiting.sort((a, b) => (a.queue[0]?.timestamp ?? 0) - (b.queue[0]?.timestamp ?? 0));
  }
}
