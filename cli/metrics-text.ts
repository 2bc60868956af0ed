/** `/metrics` of the embedded process, in the Prometheus text format. */
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { ReadModel, Tally } from '../contracts/ports/read-model.ts';
import type { IngestMetrics } from '../ingest/metrics.ts';
import { showIngest } from './ingest-figures.ts';
import { countRequests } from './request-figures.ts';
import { showCounter } from './shown-metrics.ts';

export interface MetricsSources {
  readonly ingest: () => IngestMetrics;
  readonly readModel: Pick<ReadModel, 'tally'>;
  readonly store: () => StoreFigures;
}

/** What is told of the data folder. */
export interface StoreFigures {
  readonly databaseBytes: number;
  readonly reusableBytes: number;
  readonly walBytes: number;
  readonly diskFreeBytes: number;
  readonly diskBytes: number;
  readonly refuses: boolean;
  /** Epoch ms; null before the first look through the whole database. */
  readonly lastCheckAt: number | null;
  readonly faults: number;
}

export interface MetricsText {
  text(): Promise<string>;
  served(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly ms: number;
  }): void;
}

const STORE: readonly (readonly [name: string, help: string, read: (figures: StoreFigures) => number])[] = [
  ['stackwarden_store_database_bytes', 'size of the database', (f) => f.databaseBytes],
  ['stackwarden_store_reusable_bytes', 'of it, room of removed rows that is written over next', (f) => f.reusableBytes],
  ['stackwarden_store_wal_bytes', 'size of the write-ahead log', (f) => f.walBytes],
  ['stackwarden_store_disk_free_bytes', 'free on the disk of the data folder', (f) => f.diskFreeBytes],
  ['stackwarden_store_disk_bytes', 'size of that disk', (f) => f.diskBytes],
  ['stackwarden_store_refuses', '1 while nothing can be stored: a full disk, say', (f) => Number(f.refuses)],
  [
    'stackwarden_store_last_check_timestamp_seconds',
    'when the whole database was last looked through; 0 before the first night',
    (f) => (f.lastCheckAt ?? 0) / 1_000,
  ],
  ['stackwarden_store_faults', 'what that found to be damaged', (f) => f.faults],
];

function storeGauges(registry: Registry, store: () => StoreFigures): void {
  for (const [name, help, read] of STORE) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(store()));
      },
    });
  }
}

/** received = stored + repeats + dead letters + held: the names of the tally, once. */
export const TALLY: readonly (readonly [name: string, key: string, help: string])[] = [
  ['stackwarden_detect_received_total', 'received', 'reports and dead letters read from the log'],
  ['stackwarden_detect_stored_total', 'stored', 'reports taken in, revisions included'],
  ['stackwarden_detect_repeats_total', 'repeats', 'reports without effect: the same again'],
  ['stackwarden_detect_revisions_total', 'revisions', 'reports that differ from an earlier one of the same identity'],
  ['stackwarden_detect_dead_letters_total', 'dead_letters', 'dead letters kept'],
  ['stackwarden_detect_rewinds_total', 'rewinds', 'times a site was read again for late data'],
  ['stackwarden_detect_beyond_horizon_total', 'beyond_horizon', 'reports too late for findings, kept and shown'],
];

export function held(tally: Tally): number {
  return (tally.counts['quarantined'] ?? 0) + (tally.counts['unclear'] ?? 0);
}

function tallyGauges(registry: Registry, readModel: Pick<ReadModel, 'tally'>): () => Promise<void> {
  let counts: Tally['counts'] = {};
  for (const [name, key, help] of TALLY) showCounter(registry, { name, help, read: () => counts[key] ?? 0 });
  const heldGauge = new Gauge({
    name: 'stackwarden_detect_held',
    help: 'reports in quarantine or waiting for the log to tell what they are',
    registers: [registry],
  });
  const lag = new Gauge({
    name: 'stackwarden_detect_lag_records',
    help: 'log records not yet read',
    registers: [registry],
  });
  const age = new Gauge({
    name: 'stackwarden_detect_oldest_unread_seconds',
    help: 'age of the oldest log record not yet read',
    registers: [registry],
  });
  return async () => {
    const tally = await readModel.tally();
    ({ counts } = tally);
    heldGauge.set(held(tally));
    lag.set(tally.lagRecords);
    age.set(tally.oldestUnprocessedAt === null ? 0 : Math.max(0, (Date.now() - tally.oldestUnprocessedAt) / 1_000));
  };
}

export function createMetricsText({ ingest, readModel, store }: MetricsSources): MetricsText {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'stackwarden_' });
  showIngest(registry, ingest);
  storeGauges(registry, store);
  const update = tallyGauges(registry, readModel);
  const served = countRequests(registry);
  return {
    async text() {
      await update();
      return registry.metrics();
    },
    served,
  };
}
