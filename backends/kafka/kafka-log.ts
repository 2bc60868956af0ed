/** What ingest and the API append through: entries on their way into the divided log. */
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';
import { createControlWriter, type ControlWriter } from './control-writer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { LastingProducer } from './lasting-producer.ts';
import type { KafkaModule } from './load-client.ts';
import { isControl, messagesOf } from './log-messages.ts';
import { encodeRecord } from './record-wire.ts';
import { topicName } from './topics.ts';

export interface KafkaLogOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** As the server's logs show it. */
  readonly name: string;
  /** Told where the connection had to be made anew. */
  readonly replaced: (error: Error) => void;
  /** Of entries that were handed in and are not durable yet, about; further ones are refused until there is room. */
  readonly maxPendingBytes?: number;
}

/** What it did, for metrics. Only {@link pendingBytes} goes down. */
export interface KafkaLogFigures {
  messages: number;
  bytes: number;
  late: number;
  refused: number;
  pendingBytes: number;
  /** When Kafka last confirmed something, as `performance.now()` counts. */
  confirmedAt: number;
}

const MAX_PENDING_BYTES = 64 * 1024 * 1024;
const BYTES_PER_MESSAGE = 100;

export class KafkaLog implements Pick<Log, 'append'> {
  readonly figures: KafkaLogFigures = {
    messages: 0,
    bytes: 0,
    late: 0,
    refused: 0,
    pendingBytes: 0,
    confirmedAt: performance.now(),
  };
  readonly #settings: KafkaSettings;
  readonly #producer: LastingProducer;
  readonly #control: ControlWriter;
  readonly #maxPendingBytes: number;
  #isClosed = false;

  /** @throws UnavailableError where no broker answers */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    return new KafkaLog(options, await LastingProducer.open(options));
  }

  private constructor(options: KafkaLogOptions, producer: LastingProducer) {
    this.#settings = options.settings;
    this.#maxPendingBytes = options.maxPendingBytes ?? MAX_PENDING_BYTES;
    this.#producer = producer;
    this.#control = createControlWriter({ ...options, send: (messages) => producer.send(messages) });
  }

  /**
   * Resolves when all entries are durable; what concerns everybody is then in all partitions. Entries of one call and
   * one partition keep their order, and so do those of several calls, as long as none of them concerns everybody.
   * @returns 0: a divided log has no single offset
   * @throws UnavailableError where one of them may not be durable; some of the others may be
   */
  async append(entries: readonly LogEntry[]): Promise<number> {
    if (this.#isClosed) throw new UnavailableError('the connection to Kafka is closed');
    if (entries.length === 0) return 0;
    if (this.figures.pendingBytes >= this.#maxPendingBytes) {
      this.figures.refused += 1;
      throw new UnavailableError('Kafka is behind with writing: nothing more is taken in until it has caught up.');
    }
    await (entries.some(isControl) ? this.#control.write(entries) : this.#send(entries));
    return 0;
  }

  /**
   * Says in these partitions that nobody took in reports until now.
   * @throws UnavailableError where that may not be durable
   */
  async tellGap(partitions: readonly number[], received: number): Promise<void> {
    const topic = topicName(this.#settings, 'log');
    const value = encodeRecord({ kind: 'tick', received, restarted: true });
    await this.#producer.send(partitions.map((partition) => ({ topic, partition, key: '', value })));
  }

  async #send(entries: readonly LogEntry[]): Promise<void> {
    const messages = entries.flatMap((entry) => messagesOf(this.#settings, entry));
    const bytes = messages.reduce((sum, { value }) => sum + (value?.length ?? 0) + BYTES_PER_MESSAGE, 0);
    this.figures.pendingBytes += bytes;
    try {
      await this.#producer.send(messages);
    } catch (error) {
      this.figures.refused += 1;
      throw error;
    } finally {
      this.figures.pendingBytes -= bytes;
    }
    this.figures.confirmedAt = performance.now();
    this.figures.messages += messages.length;
    this.figures.bytes += bytes - messages.length * BYTES_PER_MESSAGE;
    for (const entry of entries) if (entry.kind === 'report' && entry.isLate === true) this.figures.late += 1;
  }

  /** Appends under way that can end do so first. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#control.close(), this.#producer.close()]);
  }
}
