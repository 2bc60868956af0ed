/** What ingest counts, in the Prometheus text format. */
import type { Registry } from 'prom-client';
import { PUBACK_BOUNDS_MS, type IngestMetrics } from '../ingest/metrics.ts';
import { CountedHistogram, showCounter, showGauge, type Labelled } from './shown-metrics.ts';

type Read = (metrics: IngestMetrics) => number;

const COUNTERS: readonly (readonly [name: string, help: string, read: Read])[] = [
  ['messages', 'PUBLISH packets taken in', (m) => m.messages],
  ['bytes', 'payload bytes taken in', (m) => m.bytes],
  ['acknowledged', 'PUBACKs sent after the durable write', (m) => m.acknowledged],
  ['unacknowledged', 'messages without a PUBACK: their devices send them again', (m) => m.unacknowledged],
  ['reports', 'reports written to the log', (m) => m.reports],
  ['append_failures', 'appends that storage refused', (m) => m.appendFailures],
];

function byLabel(label: string, counts: Readonly<Record<string, number>>): Labelled {
  return Object.entries(counts).map(([key, value]) => ({ labels: { [label]: key }, value }));
}

export function showIngest(registry: Registry, ingest: () => IngestMetrics): void {
  for (const [name, help, read] of COUNTERS)
    showCounter(registry, { name: `stackwarden_ingest_${name}_total`, help, read: () => read(ingest()) });
  showGauge(registry, {
    name: 'stackwarden_ingest_connections',
    help: 'open connections',
    read: () => ingest().connections,
  });
  showGauge(registry, {
    name: 'stackwarden_ingest_waiting_messages',
    help: 'messages that wait for storage now',
    read: () => ingest().waitingMessages,
  });
  showCounter(registry, {
    name: 'stackwarden_ingest_dead_letters_total',
    help: 'messages that became dead letters at the door',
    labels: ['reason'],
    read: () => byLabel('reason', ingest().dead),
  });
  showCounter(registry, {
    name: 'stackwarden_ingest_refused_total',
    help: 'connections refused or closed',
    labels: ['reason'],
    read: () => byLabel('reason', ingest().refused),
  });
  new CountedHistogram(registry, {
    name: 'stackwarden_ingest_puback_seconds',
    help: 'from the arrival of a message to its PUBACK',
    bounds: PUBACK_BOUNDS_MS.map((ms) => ms / 1_000),
    read: () => ({ counts: ingest().puback.counts, sum: ingest().puback.sumMs / 1_000 }),
  });
}
