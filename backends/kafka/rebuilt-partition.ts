/**
 * A partition of the log whose detector begins at nothing and commits nowhere: what it makes is given away, its state
 * is gone with it. Nobody owns it, and whoever really does goes on beside it.
 */
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import type { OwnedPartition } from '../../contracts/ports/partition.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { readReports } from './kafka-partition.ts';
import type { KafkaModule } from './load-client.ts';
import { sitePartition } from './site-partition.ts';

export interface RebuiltPartitionParts {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly partition: number;
  /** First offset that is kept. */
  readonly first: number;
  /** Takes what a stretch of the log made; the next one waits for it. */
  readonly give: (made: DetectionCommit) => Promise<void>;
}

export function createRebuiltPartition({ give, first, ...parts }: RebuiltPartitionParts): OwnedPartition {
  const { settings, partition } = parts;
  const state = new Map<string, string>();
  return {
    partition,
    owns: (site) => sitePartition(site, settings.partitions) === partition,
    // Asked for what a state names, and there is none at the beginning.
    registryFiles: () => undefined,
    state: (key) => state.get(key),
    stateKeys: (prefix) => [...state.keys()].filter((key) => key.startsWith(prefix)).sort(),
    first: () => Promise.resolve(first),
    readReports: (fromOffset, toOffset) => readReports(parts, fromOffset, toOffset),
    async commit(batch) {
      for (const { key, value } of batch.state) {
        if (value === null) state.delete(key);
        else state.set(key, value);
      }
      await give(batch);
    },
  };
}
