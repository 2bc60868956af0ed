/** `/metrics` of an ingest process. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { KafkaLogFigures } from '../../backends/kafka/kafka-log.ts';
import type { SourceFigures } from '../../backends/mqtt/broker-source.ts';
import type { IngestMetrics } from '../../ingest/metrics.ts';
import { showIngest } from '../ingest-figures.ts';
import { showCounter, showGauge } from '../shown-metrics.ts';
import { showTraces, type TraceFigures } from '../trace-figures.ts';

export interface IngestFigures {
  readonly ingest: IngestMetrics;
  readonly log: KafkaLogFigures;
  /** Ms since Kafka confirmed a tick. */
  readonly tickAgeMs: () => number;
  readonly source: SourceFigures | undefined;
  readonly traces?: TraceFigures | undefined;
}

function showLog(registry: Registry, { log, tickAgeMs }: IngestFigures): void {
  const counters: readonly (readonly [string, string, () => number])[] = [
    ['written_messages', 'messages that Kafka has confirmed', () => log.messages],
    ['written_bytes', 'bytes of them, before compression', () => log.bytes],
    ['late_reports', 'reports sent later, written to the lane beside the log', () => log.late],
    ['write_failures', 'appends that Kafka did not confirm', () => log.refused],
  ];
  for (const [name, help, read] of counters)
    showCounter(registry, { name: `stackwarden_ingest_${name}_total`, help, read });
  showGauge(registry, {
    name: 'stackwarden_ingest_pending_bytes',
    help: 'bytes that Kafka has not confirmed yet',
    read: () => log.pendingBytes,
  });
  showGauge(registry, {
    name: 'stackwarden_ingest_tick_age_seconds',
    help: 'since Kafka last confirmed that reports are taken in; more than 60: nothing is',
    read: () => tickAgeMs() / 1_000,
  });
}

function showSource(registry: Registry, source: SourceFigures): void {
  showGauge(registry, {
    name: 'stackwarden_source_connections',
    help: 'connections to the broker that are subscribed',
    read: () => source.connected,
  });
  showCounter(registry, {
    name: 'stackwarden_source_reconnects_total',
    help: 'connections to the broker that ended',
    read: () => source.ended,
  });
}

export function createIngestMetricsText(figures: IngestFigures): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'stackwarden_' });
  showIngest(registry, () => figures.ingest);
  showLog(registry, figures);
  if (figures.source !== undefined) showSource(registry, figures.source);
  showTraces(registry, figures.traces);
  return () => registry.metrics();
}
