/**
 * node-rdkafka 3.6.1 never frees what `sendOffsetsToTransaction` was given, 100 to 160 bytes for each entry with its
 * topic's name (measured: `npm run bench:kafka-leak`). `npm run build:kafka` compiles it with the missing line; a process with another build is
 * replaced before much is lost.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** About 200 MB, at ten transactions a second after a day and a half. */
export const MOST_LEAKED_ENTRIES = 1_300_000;

const FREES = /~ProducerSendOffsetsToTransaction\(\)\s*\{\s*RdKafka::TopicPartition::destroy\(m_topic_partitions\);/;

/** Whether the build that is in use leaks, as far as its source beside it tells; without a source it may. */
export function leaksOffsets(): boolean {
  const entry = createRequire(import.meta.url).resolve('node-rdkafka');
  const source = join(dirname(entry), '../src/workers.cc');
  return !existsSync(source) || !FREES.test(readFileSync(source, 'utf8'));
}
