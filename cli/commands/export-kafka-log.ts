/**
 * `stackwarden export --log OUT` on Kafka: a file for each partition, `OUT-00` and so on. Each is a log of its own, with
 * the files of registries in place of their names, and with receive times as they count for detection.
 */
import { closeConsumer } from '../../backends/kafka/connect-consumer.ts';
import { openConsumer } from '../../backends/kafka/follow-topic.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import type { KafkaModule } from '../../backends/kafka/load-client.ts';
import { readLog } from '../../backends/kafka/read-log.ts';
import { watermarks } from '../../backends/kafka/read-range.ts';
import { openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { InputError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit-code.ts';
import { openLineOutput } from '../line-output.ts';
import type { PartitionHead } from '../log-files.ts';
import { openKafka } from '../open-kafka.ts';
import { createProgress } from '../progress.ts';

/** `log.ndjson.gz` → `log-03.ndjson.gz`: where the shell sorts by name, partitions come in their order. */
function partitionPath(path: string, partition: number, partitions: number): string {
  const digits = Math.max(2, String(partitions - 1).length);
  const cut = path.search(/(\.[^./\\]+)*$/);
  return `${path.slice(0, cut)}-${String(partition).padStart(digits, '0')}${path.slice(cut)}`;
}

/** The name under which Kafka keeps the files says nothing elsewhere. */
function withoutDigest(record: LogRecord): LogRecord {
  if (record.kind !== 'registry') return record;
  const { kind, received, files, offset } = record;
  return { kind, received, files, offset };
}

/** Offset from which each partition is kept. */
async function firstOffsets(module: KafkaModule, settings: KafkaSettings): Promise<readonly number[]> {
  const consumer = await openConsumer({ module, settings });
  try {
    const partitions = Array.from({ length: settings.partitions }, (_, partition) => partition);
    const kept = partitions.map((partition) => watermarks(consumer, topicName(settings, 'log'), partition));
    return (await Promise.all(kept)).map(({ lowOffset }) => lowOffset);
  } finally {
    await closeConsumer(consumer);
  }
}

/** @returns the exit code @throws InputError, UnavailableError, CannotWriteError */
export async function runExportKafkaLog(
  config: Config,
  path: string,
  err: { write(text: string): void },
): Promise<number> {
  if (path === '-') throw new InputError('on Kafka each partition is a file of its own: name one, not standard output');
  const { module, settings } = await openKafka(config);
  const { partitions } = settings;
  const shelf = openRegistryShelf(module, settings);
  const progress = createProgress('records');
  let exported = 0;
  for (const [partition, first] of (await firstOffsets(module, settings)).entries()) {
    const output = await openLineOutput(partitionPath(path, partition, partitions));
    await output.write({ kind: 'partition', partition, partitions, first } satisfies PartitionHead);
    for await (const records of readLog(module, settings, { partition, shelf })) {
      for (const record of records) await output.write(withoutDigest(record));
      exported += records.length;
      progress.update(exported);
    }
    await output.close();
  }
  progress.end();
  const names = [0, partitions - 1].map((partition) => partitionPath(path, partition, partitions));
  err.write(`${String(exported)} records of ${String(partitions)} partitions, ${names.join(' to ')}\n`);
  return EXIT.done;
}
