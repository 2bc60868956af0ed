/** One PUBLISH between its arrival and its PUBACK. */
import type { Rejection } from '../contracts/errors.ts';
import type { LogEntry } from '../contracts/log-record.ts';
import type { Tracer } from '../contracts/ports/tracer.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { admit, refuseMessage } from './admit.ts';
import type { Arrival } from './append-queue.ts';
import type { ByteBudget } from './byte-budget.ts';
import { MessageTrace } from './message-trace.ts';
import { observePuback, type IngestMetrics } from './metrics.ts';
import type { Session } from './session.ts';

export interface PublicationOptions {
  readonly registry: () => Registry;
  /** As in `Message` of admit.ts. */
  readonly lateAfterMs?: number;
  readonly waiting: ByteBudget;
  readonly metrics: IngestMetrics;
  /** Monotonic ms. */
  readonly monotonic: () => number;
  readonly tracer?: Tracer | undefined;
}

export interface Published {
  readonly topic: string;
  readonly payload: Buffer;
  /** Makes it a dead letter, whatever is in it. */
  readonly rejection: Rejection | undefined;
  /** It gets a PUBACK; what is refused without being kept whole gets none. */
  readonly puback: boolean;
  /** Called when it is durable. */
  readonly durable: () => void;
}

export class Publication implements Arrival {
  readonly bytes: number;
  readonly arrivedAt: number;
  settled = false;
  readonly #options: PublicationOptions;
  readonly #session: Session;
  readonly #published: Published;
  readonly #trace: MessageTrace | undefined;

  constructor(options: PublicationOptions, session: Session, published: Published) {
    this.#options = options;
    this.#session = session;
    this.#published = published;
    this.bytes = published.payload.length;
    this.arrivedAt = options.monotonic();
    this.#trace = MessageTrace.begin(options.tracer, published.topic);
    const { waiting, metrics } = options;
    waiting.take(this.bytes);
    session.begin();
    metrics.messages += 1;
    metrics.bytes += this.bytes;
    metrics.waitingMessages += 1;
  }

  get alive(): boolean {
    return this.#session.alive;
  }

  entries(received: number): LogEntry[] {
    const { topic, payload, rejection } = this.#published;
    const { registry, lateAfterMs } = this.#options;
    const message = { topic, payload, received, ...(lateAfterMs === undefined ? {} : { lateAfterMs }) };
    const entries = rejection === undefined ? admit(message, registry()) : [refuseMessage(message, rejection)];
    this.#trace?.mark(entries);
    return entries;
  }

  settle(durable: boolean): void {
    if (this.settled) return;
    this.settled = true;
    const { waiting, metrics, monotonic } = this.#options;
    waiting.give(this.bytes);
    metrics.waitingMessages -= 1;
    if (durable && this.#published.puback && this.#session.alive) {
      metrics.acknowledged += 1;
      observePuback(metrics, monotonic() - this.arrivedAt);
    } else {
      metrics.unacknowledged += 1;
    }
    if (durable) this.#published.durable();
    else this.#session.refuse('storage');
    this.#session.end();
    this.#trace?.end(durable, this.bytes);
  }
}
