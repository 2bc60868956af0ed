/** `/metrics` of a process that writes series. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { GroupReader } from '../../backends/kafka/group-reader.ts';
import type { ReadPlace } from '../../backends/kafka/group-queue.ts';
import { showCounter, showGauge, type Labelled } from '../shown-metrics.ts';
import { showTraces, type TraceFigures } from '../trace-figures.ts';
import type { SeriesFigures } from './series-writer.ts';

function byPlace(reader: GroupReader, read: (place: ReadPlace) => number): () => Labelled {
  return () =>
    reader.places().map((place) => ({
      labels: { topic: place.topic, partition: place.partition },
      value: read(place),
    }));
}

/** Messages behind the end; 0 where the server has not said yet how far that is. */
function lagOf({ next, end }: ReadPlace): number {
  return end === undefined ? 0 : Math.max(0, end - (next ?? end));
}

/** Seconds since what waits longest was written to Kafka; 0 where nothing waits. */
function oldestWaitS(reader: GroupReader, now: number): number {
  const written = reader.places().flatMap(({ oldestAt }) => oldestAt ?? []);
  return written.length === 0 ? 0 : Math.max(0, now - Math.min(...written)) / 1_000;
}

function showReading(registry: Registry, reader: GroupReader, now: () => number): void {
  showGauge(registry, {
    name: 'stackwarden_series_lag_messages',
    help: 'messages of detection behind the end of the partition; up to a few more than there are',
    labels: ['topic', 'partition'],
    read: byPlace(reader, lagOf),
  });
  showGauge(registry, {
    name: 'stackwarden_series_oldest_wait_seconds',
    help: 'since the oldest message that waits here was written; 0 = none does',
    read: () => oldestWaitS(reader, now()),
  });
  showGauge(registry, {
    name: 'stackwarden_series_queued_bytes',
    help: 'bytes that were read and wait to be written',
    read: () => reader.queuedBytes(),
  });
  showGauge(registry, {
    name: 'stackwarden_series_troubled',
    help: '1 while Kafka or InfluxDB refuses and nothing is written',
    labels: ['server'],
    read: () => {
      const { kafka, sink } = reader.trouble();
      return [
        { labels: { server: 'kafka' }, value: Number(kafka !== undefined) },
        { labels: { server: 'influx' }, value: Number(sink !== undefined) },
      ];
    },
  });
}

export function createSeriesMetrics(
  reader: GroupReader,
  written: SeriesFigures,
  now: () => number,
  traces?: TraceFigures,
): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'stackwarden_' });
  showReading(registry, reader, now);
  showTraces(registry, traces);
  const { figures } = reader;
  const counters: readonly (readonly [string, string, () => number])[] = [
    ['samples', 'reports written', () => written.samples],
    ['means', 'means written', () => written.means],
    ['findings', 'revisions of findings written', () => written.findings],
    ['refused', 'lines that InfluxDB refused for good, set aside in topic series-dead', () => written.refused],
    ['write_seconds', 'time in which InfluxDB wrote', () => written.writeSeconds],
    ['messages', 'messages of detection that were dealt with', () => figures.messages],
    ['bytes', 'bytes of them', () => figures.bytes],
    ['batches', 'batches of them', () => figures.batches],
    ['write_failures', 'batches that were not written and are tried again', () => figures.failures],
    ['commit_failures', 'batches that may be written again, without effect', () => figures.commitFailures],
    ['rebalances', 'changes of which partitions this process reads', () => figures.rebalances],
    ['restarts', 'memberships that ended with something unclear', () => figures.restarts],
  ];
  for (const [name, help, read] of counters)
    showCounter(registry, { name: `stackwarden_series_${name}_total`, help, read });
  return () => registry.metrics();
}
