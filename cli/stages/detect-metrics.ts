/** `/metrics` of a detecting process. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { BacklogFigures } from '../../backends/kafka/backlog-mover.ts';
import { LATENCY_CLASSES_S, type PartitionFigures } from '../../backends/kafka/detect-figures.ts';
import type { DetectGroup } from '../../backends/kafka/detect-group.ts';
import { CountedHistogram, showCounter, showGauge, type Labelled } from '../shown-metrics.ts';
import { showTraces, type TraceFigures } from '../trace-figures.ts';

function byPartition(group: DetectGroup, read: (figures: PartitionFigures) => number): () => Labelled {
  return () =>
    group.partitions().map((figures) => ({ labels: { partition: figures.partition }, value: read(figures) }));
}

/** Seconds since receipt of what waits longest; 0 where nothing waits. */
function oldestWaitS(group: DetectGroup, now: number): number {
  const received = group.partitions().flatMap(({ oldestReceived }) => oldestReceived ?? []);
  return received.length === 0 ? 0 : Math.max(0, now - Math.min(...received)) / 1_000;
}

function showGroup(registry: Registry, group: DetectGroup, now: () => number): void {
  const { figures } = group;
  showGauge(registry, {
    name: 'stackwarden_detect_partitions',
    help: 'partitions of the log that this process works on',
    read: () => group.partitions().length,
  });
  showGauge(registry, {
    name: 'stackwarden_detect_lag_records',
    help: 'records behind the end of the partition; with transactions up to a few more than there are',
    labels: ['partition'],
    read: byPartition(group, ({ next, end }) => end - next),
  });
  showGauge(registry, {
    name: 'stackwarden_detect_oldest_wait_seconds',
    help: 'since receipt of the oldest record that waits here; 0 = none does',
    read: () => oldestWaitS(group, now()),
  });
  showGauge(registry, {
    name: 'stackwarden_detect_troubled',
    help: '1 while Kafka refuses and nothing is worked on',
    read: () => Number(group.trouble() !== undefined),
  });
  const counters: readonly (readonly [string, string, () => number])[] = [
    ['records', 'records of the log that were worked on', () => figures.records],
    ['rebalances', 'changes of which partitions this process works on', () => figures.rebalances],
    ['take_overs', 'partitions whose state was read', () => figures.takeOvers],
    ['take_over_seconds', 'time spent on that', () => figures.takeOverSeconds],
    [
      'missed_records',
      'records that retention took before detection had read or saved them',
      () => figures.missedRecords,
    ],
    ['restarts', 'memberships that ended with something unclear', () => figures.restarts],
    ['transactions', 'transactions committed', () => figures.commits.transactions],
    ['transaction_failures', 'commits that failed or are unclear', () => figures.commits.failed],
    ['written_messages', 'messages written to outcomes, samples, findings and state', () => figures.commits.messages],
    ['written_bytes', 'bytes of them, before compression', () => figures.commits.bytes],
    ['offset_entries', 'entries of offsets sent in transactions', () => figures.commits.offsetEntries],
  ];
  for (const [name, help, read] of counters)
    showCounter(registry, { name: `stackwarden_detect_${name}_total`, help, read });
}

function showBacklog(registry: Registry, backlog: BacklogFigures): void {
  showGauge(registry, {
    name: 'stackwarden_detect_backlog_records',
    help: 'reports sent later that wait in the partitions of this process',
    read: () => backlog.waiting,
  });
  showCounter(registry, {
    name: 'stackwarden_detect_backlog_moved_total',
    help: 'reports sent later that were moved into the log',
    read: () => backlog.moved,
  });
}

export function createDetectMetrics(
  group: DetectGroup,
  backlog: BacklogFigures,
  now: () => number,
  traces?: TraceFigures,
): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'stackwarden_' });
  showGroup(registry, group, now);
  showBacklog(registry, backlog);
  showTraces(registry, traces);
  new CountedHistogram(registry, {
    name: 'stackwarden_detect_latency_seconds',
    help: 'from receipt of a report to the commit of what came of it',
    bounds: LATENCY_CLASSES_S,
    read: () => ({ counts: group.figures.latency, sum: group.figures.latencySeconds }),
  });
  return () => registry.metrics();
}
