/** The detector of a partition, as the Kafka backend is given it. */
import type { OwnedPartition, PartitionWorker } from '../../contracts/ports/partition.ts';
import { createPartitionDetector } from '../../detect/runner/partition-detector.ts';
export { registryDigestOf } from '../../detect/core/engine.ts';
export { SHARED } from '../../detect/runner/to-commit.ts';

export function createDetectWorker(at: OwnedPartition): PartitionWorker {
  return createPartitionDetector(at);
}
