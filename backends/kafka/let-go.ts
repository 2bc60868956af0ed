/** Gives partitions back to their group. */
import type { KafkaConsumer, TopicPartition } from 'node-rdkafka';

/**
 * Partitions that were told to wait are told otherwise first: the client remembers that when they come back. Never then:
 * it drops what it has fetched of a partition that is told to go on, waiting or not, and goes on behind that.
 */
export function letGo(
  member: Pick<KafkaConsumer, 'resume' | 'incrementalUnassign'>,
  partitions: readonly TopicPartition[],
  paused: readonly TopicPartition[],
): void {
  try {
    if (paused.length > 0) member.resume([...paused]);
  } finally {
    member.incrementalUnassign([...partitions]);
  }
}
