/** A durable producer that is replaced by another one where the client has failed for good; the process goes on. */
import { UnavailableError } from '../../contracts/errors.ts';
import { openDurableProducer, type DurableProducer, type OutgoingMessage } from './durable-producer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';

export interface LastingProducerOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** As the server's logs show it. */
  readonly name: string;
  /** Told of each failure for good, and of each try to connect that failed after it. */
  readonly replaced: (error: Error) => void;
  /** How a producer is made; the real one unless told otherwise. */
  readonly open?: typeof openDurableProducer;
}

const AGAIN_MS = 1_000;

export class LastingProducer {
  readonly #options: LastingProducerOptions;
  #current: DurableProducer | undefined;
  #isClosed = false;
  #replacing: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  /** @throws UnavailableError where no broker answers */
  static async open(options: LastingProducerOptions): Promise<LastingProducer> {
    const producer = new LastingProducer(options);
    await producer.#connect();
    return producer;
  }

  private constructor(options: LastingProducerOptions) {
    this.#options = options;
  }

  /** As {@link DurableProducer.send}. */
  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    if (this.#current === undefined) throw new UnavailableError('the connection to Kafka is being made anew');
    await this.#current.send(messages);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#replacing;
    const current = this.#current;
    this.#current = undefined;
    await current?.close();
  }

  async #connect(): Promise<void> {
    const { module, settings, name, open = openDurableProducer } = this.#options;
    const producer = await open(module, settings, name);
    this.#current = producer;
    void producer.failed.then((error) => {
      if (this.#current !== producer) return;
      this.#current = undefined;
      this.#options.replaced(error);
      this.#replacing = this.#replace(producer);
    });
  }

  async #replace(failed: DurableProducer): Promise<void> {
    await failed.close();
    while (!this.#isClosed) {
      try {
        await this.#connect();
        return;
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        this.#options.replaced(error);
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, AGAIN_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
