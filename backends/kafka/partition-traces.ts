/** The records of a partition that are followed, from their being read to the commit of what came of them. */
import type { Message } from 'node-rdkafka';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { Span, SpanAttributes, Tracer } from '../../contracts/ports/tracer.ts';
import { tracesIn } from './trace-headers.ts';

interface Read {
  readonly offset: number;
  readonly site: string | undefined;
  readonly span: Span;
  readonly attributes: SpanAttributes;
}

/** Records that are followed at one time; further ones are not. Only a partition that is far behind has more. */
const MOST = 1_000;

export class PartitionTraces {
  readonly #tracer: Tracer;
  readonly #partition: number;
  readonly #now: () => number;
  /** Ascending offsets. */
  #read: Read[] = [];

  /** @param now epoch ms */
  constructor(tracer: Tracer, partition: number, now: () => number) {
    this.#tracer = tracer;
    this.#partition = partition;
    this.#now = now;
  }

  /** @param next offset of the first record that is not worked on yet: what is before it is only read again */
  begin(messages: readonly Message[], records: readonly LogRecord[], next: number): void {
    for (const [index, message] of messages.entries()) {
      const [context] = tracesIn(message);
      const record = records[index];
      if (context === undefined || record === undefined || record.offset < next || this.#read.length >= MOST) continue;
      const span = this.#tracer.goOn('detect', context);
      if (span === undefined) continue;
      const { offset, received } = record;
      const [site, device] = record.kind === 'report' ? [record.site, record.device] : [];
      const attributes = {
        partition: this.#partition,
        offset,
        lagMs: Math.max(0, this.#now() - received),
        ...(site === undefined || device === undefined ? {} : { site, device }),
      };
      this.#read.push({ offset, site, span, attributes });
    }
  }

  /** Contexts of the records before this offset, of all sites or of one. */
  contexts(next: number, site?: string): readonly string[] {
    if (this.#read.length === 0) return [];
    const covered = this.#read.filter((one) => one.offset < next && (site === undefined || one.site === site));
    return covered.map(({ span }) => span.context);
  }

  /** Everything that came of the records before this offset is stored. @param findings that came of all of them */
  end(next: number, findings: number): void {
    if (this.#read.length === 0) return;
    for (const { offset, span, attributes } of this.#read) if (offset < next) span.end({ ...attributes, findings });
    this.#read = this.#read.filter(({ offset }) => offset >= next);
  }
}
