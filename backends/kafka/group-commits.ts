/** Offsets that a member of a group commits, with what the server says of each. */
import type { KafkaConsumer, LibrdKafkaError, TopicPartitionOffset } from 'node-rdkafka';

const ANSWER_MS = 3_000;

/** Why offsets were not taken. */
export interface Refusal {
  readonly message: string;
  /** Of the client; undefined where nothing was answered. */
  readonly code?: number | undefined;
}

type Settle = (refused: Refusal | undefined) => void;

/** What an answer is known by: the client gives back what it was given, and no number of the request. */
function nameOf(places: readonly TopicPartitionOffset[]): string {
  return places
    .map(({ topic, partition, offset }) => `${topic}/${String(partition)}@${String(offset)}`)
    .sort()
    .join(' ');
}

/** The client answers only while the member consumes. */
export class GroupCommits {
  readonly #member: KafkaConsumer;
  readonly #waiting = new Map<string, Settle[]>();

  /** @param member with `offset_commit_cb` on */
  constructor(member: KafkaConsumer) {
    this.#member = member;
    member.on('offset.commit', (error: LibrdKafkaError | null | undefined, places: readonly TopicPartitionOffset[]) => {
      this.#waiting.get(nameOf(places))?.[0]?.(error ?? undefined);
    });
  }

  /** Resolves when the server answered, or does not in time: undefined where it took them. */
  send(places: readonly TopicPartitionOffset[]): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      const settle: Settle = (refused) => {
        clearTimeout(timer);
        this.#forget(places, settle);
        resolve(refused);
      };
      // It stays in its place: an answer that comes late is its own, and not that of another of the same places.
      const timer = setTimeout(() => {
        resolve({ message: 'no answer' });
      }, ANSWER_MS);
      const name = nameOf(places);
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), settle]);
      try {
        this.#member.commit([...places]);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // The connection is gone, and nothing will answer.
        settle(error);
      }
    });
  }

  #forget(places: readonly TopicPartitionOffset[], settle: Settle): void {
    const name = nameOf(places);
    const others = (this.#waiting.get(name) ?? []).filter((one) => one !== settle);
    if (others.length === 0) this.#waiting.delete(name);
    else this.#waiting.set(name, others);
  }
}
