/**
 * The registries that were put into force, in a topic of their own: a city's files are many megabytes, and every
 * partition of the log names them by their digest. Compacted, and never deleted while a log may name them.
 */
import { createHash } from 'node:crypto';
import type { Message } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import type { OutgoingMessage } from './durable-producer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { readRange } from './read-range.ts';
import { topicName } from './topics.ts';

/** Of a registry's text in one message. */
const PART_BYTES = 1024 * 1024;
const WIRE_VERSION = 1;

/** Behind the parts: all of them are there. */
interface Head {
  readonly v: number;
  readonly parts: number;
}

export interface RegistryShelf {
  /**
   * The files of a registry that is named in the log, the same object each time; asks the server where it is not known.
   * @throws UnavailableError where it is not there
   */
  files(digest: string): Promise<readonly RegistryText[]>;
  /** Of the registry that was put there last; undefined where there was none. */
  latest(): Promise<string | undefined>;
}

export function digestOf(files: readonly RegistryText[]): string {
  const text = JSON.stringify(files.map(({ name, text: content }) => [name, content]));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** What has to be durable before any record names the digest: parts, and behind them the head. */
export function encodeRegistry(
  settings: KafkaSettings,
  files: readonly RegistryText[],
): { readonly digest: string; readonly messages: readonly OutgoingMessage[] } {
  const digest = digestOf(files);
  const bytes = Buffer.from(JSON.stringify(files.map(({ name, text }) => ({ name, text }))), 'utf8');
  const message = (key: string, value: Buffer): OutgoingMessage => ({
    topic: topicName(settings, 'registries'),
    partition: 0,
    key,
    value,
  });
  const parts = Math.ceil(bytes.length / PART_BYTES);
  const messages = Array.from({ length: parts }, (_, part) =>
    message(`${digest}/${String(part)}`, bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)),
  );
  const head: Head = { v: WIRE_VERSION, parts };
  return { digest, messages: [...messages, message(digest, Buffer.from(JSON.stringify(head)))] };
}

/** Reads messages of the topic in order and puts registries together; keeps the texts of the two newest. */
export class RegistryAssembly {
  readonly #parts = new Map<string, Buffer>();
  readonly #whole = new Map<string, readonly RegistryText[]>();
  #latest: string | undefined;

  latest(): string | undefined {
    return this.#latest;
  }

  files(digest: string): readonly RegistryText[] | undefined {
    return this.#whole.get(digest);
  }

  /** @returns the digest of a registry that is whole with this message @throws UnavailableError of a later version's */
  take({ key, value }: Pick<Message, 'key' | 'value'>): string | undefined {
    const name = String(key ?? '');
    if (value === null) return undefined;
    if (name.includes('/')) {
      this.#parts.set(name, value);
      return undefined;
    }
    const head = JSON.parse(value.toString('utf8')) as Head;
    if (!(head.v >= 1 && head.v <= WIRE_VERSION))
      throw new UnavailableError(
        `a registry was written by a later version (format ${String(head.v)}, known up to ${String(WIRE_VERSION)}): update this process`,
      );
    this.#assemble(name, head);
    this.#latest = name;
    return name;
  }

  #assemble(digest: string, { parts }: Head): void {
    const names = Array.from({ length: parts }, (_, part) => `${digest}/${String(part)}`);
    const buffers = names.flatMap((name) => this.#parts.get(name) ?? []);
    // Put into force again: its parts came long before, and the files are known where they are still wanted.
    if (buffers.length < parts) return;
    for (const name of names) this.#parts.delete(name);
    const known = this.#whole.get(digest);
    this.#whole.delete(digest);
    this.#whole.set(digest, known ?? (JSON.parse(Buffer.concat(buffers).toString('utf8')) as readonly RegistryText[]));
    for (const old of [...this.#whole.keys()].slice(0, -2)) this.#whole.delete(old);
  }
}

export function openRegistryShelf(module: KafkaModule, settings: KafkaSettings): RegistryShelf {
  const known = new Map<string, readonly RegistryText[]>();
  const read = async (wanted: string | undefined): Promise<string | undefined> => {
    const assembly = new RegistryAssembly();
    const range = { topic: topicName(settings, 'registries'), partition: 0, fromOffset: 0 };
    for await (const messages of readRange(module, settings, range)) {
      for (const message of messages) {
        const digest = assembly.take(message);
        const files = digest === undefined ? undefined : assembly.files(digest);
        if (digest !== undefined && digest === wanted && files !== undefined) known.set(digest, files);
      }
    }
    return assembly.latest();
  };
  /** One reading at a time: many partitions ask for the same registry at once. */
  let reading: Promise<unknown> = Promise.resolve();
  return {
    async files(digest) {
      const turn = reading.then(async () => {
        if (!known.has(digest)) await read(digest);
        for (const old of [...known.keys()].slice(0, -2)) known.delete(old);
        const files = known.get(digest);
        if (files === undefined)
          throw new UnavailableError(`the log names registry ${digest}, which is not in topic registries`);
        return files;
      });
      reading = turn.catch((error: unknown) => error);
      return turn;
    },
    latest: () => read(undefined),
  };
}
