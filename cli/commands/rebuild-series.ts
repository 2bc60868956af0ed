/** `stackwarden rebuild series`: a bucket from the log alone, by what the detectors themselves do. */
import { setTimeout as pause } from 'node:timers/promises';
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { loadClient, type KafkaModule } from '../../backends/kafka/load-client.ts';
import { readLog } from '../../backends/kafka/read-log.ts';
import { createRebuiltPartition } from '../../backends/kafka/rebuilt-partition.ts';
import { openRegistryShelf, type RegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import type { SeriesBatch, SeriesStore } from '../../contracts/ports/series-store.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { createPartitionDetector } from '../../detect/runner/partition-detector.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit-code.ts';
import { influxSettingsOf } from '../influx-settings-of.ts';
import { kafkaSettingsOf } from '../kafka-settings-of.ts';
import { createProgress } from '../progress.ts';

export interface RebuildSeriesCommand {
  readonly config: Config;
  readonly json: boolean;
  /** What begins in [fromAt, toAt) is written. */
  readonly fromAt: number;
  readonly toAt: number;
}

interface Streams {
  readonly out: { write(text: string): void };
  readonly err: { write(text: string): void };
}

interface Rebuilding {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly shelf: RegistryShelf;
  readonly store: SeriesStore;
  readonly range: Pick<RebuildSeriesCommand, 'fromAt' | 'toAt'>;
  readonly counted: { records: number; samples: number; means: number; findings: number; refused: number };
  readonly say: (text: string) => void;
}

/** Somebody waits in front of it: a server that is away for longer than that is looked after by them. */
const PATIENCE_MS = 600_000;
const AGAIN_MS = 5_000;
const MOST_SHOWN = 20;

function within({ fromAt, toAt }: Rebuilding['range'], { samples, means, findings }: DetectionCommit): SeriesBatch {
  const isIn = (at: number): boolean => at >= fromAt && at < toAt;
  return {
    samples: samples.filter(({ ts }) => isIn(ts)),
    means: means.filter(({ start }) => isIn(parseInstant(start))),
    findings: findings.filter(({ start }) => isIn(parseInstant(start))),
  };
}

async function write({ store, counted, say }: Rebuilding, batch: SeriesBatch): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const refused = await store.write(batch);
      for (const { reason, line } of refused.slice(0, Math.max(0, MOST_SHOWN - counted.refused)))
        say(`refused: ${reason}: ${line.slice(0, 200)}`);
      counted.refused += refused.length;
      return;
    } catch (error) {
      if (!(error instanceof UnavailableError) || performance.now() > until) throw error;
      say(`${error.message}; trying again`);
      await pause(error.retryAfterMs ?? AGAIN_MS);
    }
  }
}

async function rebuildPartition(rebuilding: Rebuilding, partition: number, onRecords: () => void): Promise<void> {
  const { module, settings, shelf, counted } = rebuilding;
  let detector: ReturnType<typeof createPartitionDetector> | undefined;
  try {
    for await (const records of readLog(module, settings, { partition, shelf })) {
      detector ??= createPartitionDetector(
        createRebuiltPartition({
          module,
          settings,
          partition,
          first: records[0]?.offset ?? 0,
          async give(made) {
            const batch = within(rebuilding.range, made);
            await write(rebuilding, batch);
            for (const list of ['samples', 'means', 'findings'] as const) counted[list] += batch[list].length;
          },
        }),
      );
      await detector.take(records);
      counted.records += records.length;
      onRecords();
    }
  } finally {
    detector?.close();
  }
}

/** @returns the exit code: 73 where the store refused something @throws UnavailableError, ConfigError */
export async function runRebuildSeries(
  { config, json, fromAt, toAt }: RebuildSeriesCommand,
  { out, err }: Streams,
): Promise<number> {
  const settings = kafkaSettingsOf(config);
  const influx = influxSettingsOf(config);
  const store = new InfluxSeriesStore(influx);
  await store.expectWritable();
  const module = await loadClient();
  const counted = { records: 0, samples: 0, means: 0, findings: 0, refused: 0 };
  const shelf = openRegistryShelf(module, settings);
  const say = (text: string): void => {
    err.write(`${text}\n`);
  };
  const rebuilding = { module, settings, shelf, store, range: { fromAt, toAt }, counted, say };
  const progress = createProgress('records');
  for (let partition = 0; partition < settings.partitions; partition += 1) {
    await rebuildPartition(rebuilding, partition, () => {
      progress.update(counted.records);
    });
  }
  progress.end();
  const { records, samples, means, findings, refused } = counted;
  if (json) out.write(`${JSON.stringify({ bucket: influx.bucket, ...counted })}\n`);
  else
    say(
      `${String(records)} records of the log: ${String(samples)} reports, ${String(means)} means, ${String(findings)} revisions of findings in bucket ${influx.bucket}, ${String(refused)} lines refused`,
    );
  return refused === 0 ? EXIT.done : EXIT.cannotWrite;
}
