/** The way of one message that is followed, from its receipt until it is durable. */
import type { LogEntry } from '../contracts/log-record.ts';
import type { Span, Tracer } from '../contracts/ports/tracer.ts';
import { parseReportTopic } from '../contracts/topics.ts';
import { markTrace } from '../contracts/tracing.ts';

export class MessageTrace {
  readonly #span: Span;
  readonly #topic: string;
  #reports = 0;
  #deadLetters = 0;

  /** Nothing for all those that are not followed. */
  static begin(tracer: Tracer | undefined, topic: string): MessageTrace | undefined {
    const span = tracer?.follow('mqtt.receive');
    return span === undefined ? undefined : new MessageTrace(span, topic);
  }

  private constructor(span: Span, topic: string) {
    this.#span = span;
    this.#topic = topic;
  }

  /** Of an array the last report is followed: the newest, and what became of the others is in front of it. */
  mark(entries: readonly LogEntry[]): void {
    this.#reports = entries.filter(({ kind }) => kind === 'report').length;
    this.#deadLetters = entries.length - this.#reports;
    const last = entries.at(-1);
    if (last !== undefined) markTrace(last, this.#span.context);
  }

  end(isDurable: boolean, bytes: number): void {
    const { site, device } = parseReportTopic(this.#topic) ?? {};
    const from = site === undefined || device === undefined ? {} : { site, device };
    const attributes = { ...from, bytes, reports: this.#reports, deadLetters: this.#deadLetters };
    this.#span.end(attributes, isDurable ? undefined : 'storage did not take it in time');
  }
}
