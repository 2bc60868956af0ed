/**
 * Changes of credentials, decided on what every process has written before: so no two give the same user a credential.
 * Those that come while a transaction is under way make the next one together.
 */
import type { Follower } from './follow-topic.ts';
import { encodeCredential, keyOf, type StoredCredential } from './credential-book.ts';
import type { SerialWriter } from './serial-writer.ts';
import { waitAtMost } from './settle.ts';

const CLOSE_MS = 2_000;

export interface Change {
  /** Two changes of one subject are never decided together. */
  readonly subject: string;
  /** What is to be written, on what is known now; nothing where there is nothing to change. @throws InputError */
  readonly decide: () => StoredCredential | undefined;
}

interface Waiting extends Change {
  readonly resolve: (written: StoredCredential | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Decided {
  readonly waiting: Waiting;
  readonly stored?: StoredCredential | undefined;
  readonly refusal?: { readonly error: unknown };
}

function decideOne(waiting: Waiting): Decided {
  try {
    return { waiting, stored: waiting.decide() };
  } catch (error) {
    return { waiting, refusal: { error } };
  }
}

export class CredentialWriter {
  readonly #topic: string;
  readonly #writer: SerialWriter;
  readonly #follower: Follower;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(topic: string, writer: SerialWriter, follower: Follower) {
    this.#topic = topic;
    this.#writer = writer;
    this.#follower = follower;
  }

  /**
   * Resolves with what was written, once it is durable and this process knows it.
   * @throws UnavailableError where it may or may not have happened; what `decide` throws
   */
  change(change: Change): Promise<StoredCredential | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...change, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async close(): Promise<void> {
    await waitAtMost(CLOSE_MS, this.#running);
    await this.#writer.close();
  }

  async #run(): Promise<void> {
    // What is asked for in the same moment goes together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#commit(this.#takeGroup());
    this.#running = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    const subjects = new Set<string>();
    const group = this.#waiting.filter(({ subject }) => {
      const isFirst = !subjects.has(subject);
      subjects.add(subject);
      return isFirst;
    });
    this.#waiting = this.#waiting.filter((waiting) => !group.includes(waiting));
    return group;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    let decided: readonly Decided[] = [];
    try {
      await this.#writer.write(async () => {
        await this.#follower.toEnd();
        decided = group.map(decideOne);
        return decided.flatMap(({ stored }) =>
          stored === undefined
            ? []
            : [{ topic: this.#topic, partition: 0, key: keyOf(stored), value: encodeCredential(stored) }],
        );
      });
      await this.#follower.toEnd();
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const { waiting, stored, refusal } of decided) {
      if (refusal === undefined) waiting.resolve(stored);
      else waiting.reject(refusal.error);
    }
  }
}
