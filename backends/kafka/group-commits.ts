/** Offsets that a member of a group commits, with what the server says of each. */
import type { KafkaConsumer, LibrdKafkaError, TopicPartitionOffset } from 'node-rdkafka';

const ANSWER_MS = 3_000;

/** Why offsets were not taken. */
export interface Refusal {
  readonly message: string;
  /** Of the client; undefined where nothing was answered. */
  readonly code?: number | undefined;
}

/** The client answers in the order in which it was asked, and only while the member consumes. */
export class GroupCommits {
  readonly #member: KafkaConsumer;
  readonly #waiting: ((refused: Refusal | undefined) => void)[] = [];

  /** @param member with `offset_commit_cb` on */
  constructor(member: KafkaConsumer) {
    this.#member = member;
    member.on('offset.commit', (error: LibrdKafkaError | null | undefined) => {
      this.#waiting.shift()?.(error ?? undefined);
    });
  }

  /** Resolves when the server answered, or does not in time: undefined where it took them. */
  send(places: readonly TopicPartitionOffset[]): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({ message: 'no answer' });
      }, ANSWER_MS);
      this.#waiting.push((refused) => {
        clearTimeout(timer);
        resolve(refused);
      });
      try {
        this.#member.commit([...places]);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // The connection is gone, and nothing will answer.
        this.#waiting.pop()?.(error);
      }
    });
  }
}
