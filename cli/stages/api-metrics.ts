/** `/metrics` of an API process on Kafka. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Served } from '../../api/deps.ts';
import { folderFigures } from '../../backends/sqlite/folder-figures.ts';
import type { Tally } from '../../contracts/ports/read-model.ts';
import { held, TALLY } from '../metrics-text.ts';
import { countRequests } from '../request-figures.ts';
import { showCounter, showGauge } from '../shown-metrics.ts';
import { showTraces, type TraceFigures } from '../trace-figures.ts';
import type { OutcomeCopy } from './outcome-copy.ts';

export interface ApiMetrics {
  text(): Promise<string>;
  served(request: Served): void;
}

const ageS = (at: number | null, now: number): number => (at === null ? 0 : Math.max(0, (now - at) / 1_000));

function showCopy(registry: Registry, copy: OutcomeCopy, now: () => number): void {
  const { follower, figures } = copy;
  showGauge(registry, {
    name: 'stackwarden_api_copy_behind_messages',
    help: 'messages of a partition that are not copied yet; with transactions up to a few more than there are',
    labels: ['topic', 'partition'],
    read: () =>
      follower.partitions().map(({ topic, partition, behind }) => ({ labels: { topic, partition }, value: behind })),
  });
  showGauge(registry, {
    name: 'stackwarden_api_copy_oldest_seconds',
    help: 'since the oldest message was written that is not copied yet; 0 = all are',
    read: () => ageS(follower.oldestUnstoredAt(), now()),
  });
  showGauge(registry, {
    name: 'stackwarden_api_copy_caught_up',
    help: '1 once everything was copied that stood there at the start',
    read: () => Number(copy.isCaughtUp()),
  });
  showGauge(registry, {
    name: 'stackwarden_api_copy_troubled',
    help: '1 while nothing can be stored: a full disk, say',
    read: () => Number(copy.trouble() !== undefined),
  });
  const counters: readonly (readonly [string, string, () => number])[] = [
    ['messages', 'messages of outcomes and values copied', () => figures.messages],
    ['bytes', 'bytes of them', () => figures.bytes],
    ['refused', 'messages that no detector wrote; they were passed over', () => figures.refused],
    ['missed', 'messages of values that Kafka had removed before they were copied', () => figures.missed],
  ];
  for (const [name, help, read] of counters)
    showCounter(registry, { name: `stackwarden_api_copy_${name}_total`, help, read });
}

function showLag(registry: Registry, { lag }: OutcomeCopy, now: () => number): void {
  showGauge(registry, {
    name: 'stackwarden_api_log_lag_records',
    help: 'log records whose outcome is not shown yet; with transactions up to a few more than there are',
    labels: ['partition'],
    read: () => lag.partitions().map(({ partition, behind }) => ({ labels: { partition }, value: behind })),
  });
  showGauge(registry, {
    name: 'stackwarden_api_log_oldest_seconds',
    help: 'since receipt of the oldest log record whose outcome is not shown yet; 0 = all are',
    read: () => {
      const oldest = lag.partitions().flatMap(({ oldestReceived }) => oldestReceived ?? []);
      return ageS(oldest.length === 0 ? null : Math.min(...oldest), now());
    },
  });
  showGauge(registry, {
    name: 'stackwarden_api_kafka_away',
    help: '1 while Kafka does not answer',
    read: () => Number(lag.trouble() !== undefined),
  });
}

function showFolder(registry: Registry, folder: string): void {
  const gauges: readonly (readonly [string, string, (figures: ReturnType<typeof folderFigures>) => number])[] = [
    ['database_bytes', 'size of the copy', (figures) => figures.databaseBytes],
    ['wal_bytes', 'size of its write-ahead log', (figures) => figures.walBytes],
    ['disk_free_bytes', 'free on the disk of its folder', (figures) => figures.diskFreeBytes],
    ['disk_bytes', 'size of that disk', (figures) => figures.diskBytes],
  ];
  for (const [name, help, read] of gauges)
    showGauge(registry, { name: `stackwarden_store_${name}`, help, read: () => read(folderFigures(folder)) });
}

export function createApiMetrics(
  copy: OutcomeCopy,
  folder: string,
  now: () => number,
  traces?: TraceFigures,
): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'stackwarden_' });
  let tally: Tally = { counts: {}, lagRecords: 0, oldestUnprocessedAt: null };
  for (const [name, key, help] of TALLY) showCounter(registry, { name, help, read: () => tally.counts[key] ?? 0 });
  showGauge(registry, {
    name: 'stackwarden_detect_held',
    help: 'reports in quarantine or waiting for the log to tell what they are',
    read: () => held(tally),
  });
  showCopy(registry, copy, now);
  showLag(registry, copy, now);
  showFolder(registry, folder);
  showTraces(registry, traces);
  const served = countRequests(registry);
  return {
    served,
    async text() {
      tally = await copy.model.tally();
      return registry.metrics();
    },
  };
}
