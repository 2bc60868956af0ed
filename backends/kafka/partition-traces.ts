/**
 * The records of a partition that are followed, from their being read to the commit of what came of them. A report is
 * held for its neighbours, so that a finding may come of it some commits later: that is a part of its own.
 */
import type { Message } from 'node-rdkafka';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { Span, SpanAttributes, Tracer } from '../../contracts/ports/tracer.ts';
import { REPORT_PERIOD_MS, type ReportPeriod } from '../../contracts/report.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { tracesIn } from './trace-headers.ts';

interface Read {
  readonly record: LogRecord;
  readonly span: Span;
  readonly attributes: SpanAttributes;
}

/** A report whose offset is committed, and which may be held. */
interface Held {
  readonly site: string;
  /** Its site and event time: findings say after which input they first stood. */
  readonly cause: string;
  readonly span: Span;
  readonly since: number;
}

/** What of a commit is followed. */
export interface FollowedCommit {
  /** Contexts for whoever is told of the whole commit. */
  readonly contexts: readonly string[];
  /** For whoever is told of one finding. */
  contextOf(finding: Finding): string | undefined;
  /** It is stored. */
  stored(): void;
}

/** Records that are followed at one time; further ones are not. Only a partition that is far behind has more. */
const MOST = 1_000;
/** Longer than a report is held (60 s), and what is begun is told. */
const HELD_MS = 90_000;

function parsed(body: string): { readonly ts?: unknown; readonly period?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as { readonly ts?: unknown; readonly period?: unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** NaN of what is no report, or none that ingest wrote. */
function endOf(record: LogRecord): number {
  const { ts, period } = record.kind === 'report' ? parsed(record.body) : {};
  const lengthMs = period === undefined ? 0 : REPORT_PERIOD_MS[period as ReportPeriod];
  return typeof ts === 'string' ? parseInstant(ts) + lengthMs : Number.NaN;
}

/** Names what came of one input; nothing of what stood before. */
function causeOf({ site, detectedAt, revision }: Finding): string | undefined {
  return revision === 1 ? causeAt(site, parseInstant(detectedAt)) : undefined;
}

function causeAt(site: string, endAt: number): string {
  return `${site} ${String(endAt)}`;
}

function countsBy(findings: readonly Finding[], keyOf: (finding: Finding) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const key = keyOf(finding);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function siteOf({ record }: Read): string {
  return record.kind === 'report' ? record.site : '';
}

export class PartitionTraces {
  readonly #tracer: Tracer;
  readonly #partition: number;
  readonly #now: () => number;
  #read: Read[] = [];
  #held: Held[] = [];

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
      if (span !== undefined) this.#read.push({ record, span, attributes: this.#attributes(record) });
    }
  }

  /** What goes on with a commit of everything before this offset; nothing where nothing of it is followed. */
  commit(next: number, findings: readonly Finding[]): FollowedCommit | undefined {
    if (this.#read.length === 0 && this.#held.length === 0) return undefined;
    const causes = countsBy(findings, causeOf);
    const read = this.#read.filter(({ record }) => record.offset < next);
    const held = this.#stillHeld().filter(({ cause }) => causes.has(cause));
    if (read.length === 0 && held.length === 0) return undefined;
    const bySite = new Map(read.map((one) => [siteOf(one), one.span.context]));
    const byCause = new Map(held.map(({ cause, span }) => [cause, span.context]));
    return {
      contexts: [...held, ...read].map(({ span }) => span.context),
      contextOf: (finding) => byCause.get(causeOf(finding) ?? '') ?? bySite.get(finding.site),
      stored: () => {
        const counts = countsBy(findings, ({ site }) => site);
        for (const { span, site, cause } of held)
          span.end({ partition: this.#partition, site, findings: causes.get(cause) ?? 0 });
        for (const one of read) one.span.end({ ...one.attributes, findings: counts.get(siteOf(one)) ?? 0 });
        this.#forget(new Set<Read | Held>([...read, ...held]));
        this.#hold(read);
      },
    };
  }

  #stillHeld(): Held[] {
    const oldest = this.#now() - HELD_MS;
    return this.#held.filter(({ since }) => since >= oldest);
  }

  #forget(done: ReadonlySet<Read | Held>): void {
    this.#read = this.#read.filter((one) => !done.has(one));
    this.#held = this.#stillHeld().filter((one) => !done.has(one));
  }

  /** A part that is never ended is never told: most reports come to nothing. */
  #hold(read: readonly Read[]): void {
    const since = this.#now();
    for (const { record, span } of read) {
      const endAt = endOf(record);
      if (record.kind !== 'report' || !Number.isFinite(endAt) || this.#held.length >= MOST) continue;
      const held = this.#tracer.goOn('detect.finding', span.context);
      const { site } = record;
      if (held !== undefined) this.#held.push({ site, cause: causeAt(site, endAt), span: held, since });
    }
  }

  #attributes(record: LogRecord): SpanAttributes {
    const { offset, received } = record;
    const from = record.kind === 'report' ? { site: record.site, device: record.device } : {};
    return { ...from, partition: this.#partition, offset, lagMs: Math.max(0, this.#now() - received) };
  }
}
