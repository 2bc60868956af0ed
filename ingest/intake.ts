/**
 * Messages that come otherwise than over connections of ours, such as those of a broker that was there already: the same
 * check, the same queue, the same counts as in the endpoint.
 */
import type { Log } from '../contracts/ports/log.ts';
import type { LogEntry } from '../contracts/log-record.ts';
import type { Tracer } from '../contracts/ports/tracer.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { admit } from './admit.ts';
import { AppendQueue, type Arrival } from './append-queue.ts';
import { createQuietWarn, type EventLog } from './event-log.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { MessageTrace } from './message-trace.ts';
import { createIngestMetrics, observePuback, type IngestMetrics } from './metrics.ts';
import { createReceivedClock } from './received-clock.ts';

export interface IntakeOptions {
  readonly log: Pick<Log, 'append'>;
  /** Read for each append: a changed registry takes effect with the next message. */
  readonly registry: () => Registry;
  readonly limits?: Partial<Limits>;
  readonly events: EventLog;
  readonly metrics?: IngestMetrics;
  /** As in the endpoint. */
  readonly lateAfterMs?: number;
  /** Receiver's clock, epoch ms. */
  readonly now: () => number;
  readonly tracer?: Tracer | undefined;
}

export interface Intake {
  readonly metrics: IngestMetrics;
  /**
   * True when the message is durable, as whatever it became, and may be acknowledged; false where storage did not take
   * it in time: then it has to come again.
   */
  take(topic: string, payload: Buffer): Promise<boolean>;
  /** Lets appends under way end; what is left is given up. */
  stop(): Promise<void>;
}

const monotonic = (): number => performance.now();

class Delivery implements Arrival {
  readonly alive = true;
  readonly bytes: number;
  readonly arrivedAt = monotonic();
  settled = false;
  readonly entries: (received: number) => LogEntry[];
  readonly #settled: (isDurable: boolean) => void;

  constructor(bytes: number, entries: (received: number) => LogEntry[], settled: (isDurable: boolean) => void) {
    this.bytes = bytes;
    this.entries = entries;
    this.#settled = settled;
  }

  settle(isDurable: boolean): void {
    if (this.settled) return;
    this.settled = true;
    this.#settled(isDurable);
  }
}

function marked(trace: MessageTrace | undefined, entries: LogEntry[]): LogEntry[] {
  trace?.mark(entries);
  return entries;
}

export function createIntake({ log, registry, events, lateAfterMs, now, tracer, ...options }: IntakeOptions): Intake {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const metrics = options.metrics ?? createIngestMetrics();
  const warn = createQuietWarn(events, monotonic);
  const queue = new AppendQueue({
    log,
    received: createReceivedClock(now),
    limits,
    metrics,
    failed: (err, messages) => warn({ err, messages }, 'ingest.append.refused'),
    monotonic,
  });
  const late = lateAfterMs === undefined ? {} : { lateAfterMs };
  const begin = (bytes: number): void => {
    metrics.messages += 1;
    metrics.bytes += bytes;
    metrics.waitingMessages += 1;
    metrics.waitingBytes += bytes;
  };
  const end = (delivery: Delivery, isDurable: boolean): void => {
    metrics.waitingMessages -= 1;
    metrics.waitingBytes -= delivery.bytes;
    if (isDurable) {
      metrics.acknowledged += 1;
      observePuback(metrics, monotonic() - delivery.arrivedAt);
    } else metrics.unacknowledged += 1;
  };
  return {
    metrics,
    take(topic, payload) {
      begin(payload.length);
      return new Promise((resolve) => {
        const trace = MessageTrace.begin(tracer, topic);
        const entries = (received: number): LogEntry[] =>
          marked(trace, admit({ topic, payload, received, ...late }, registry()));
        const delivery: Delivery = new Delivery(payload.length, entries, (isDurable) => {
          end(delivery, isDurable);
          trace?.end(isDurable, payload.length);
          resolve(isDurable);
        });
        queue.push(delivery);
      });
    },
    async stop() {
      await queue.drain(limits.stopMs);
      queue.close();
    },
  };
}
