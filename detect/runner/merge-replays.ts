/** Replays of the partitions of one log as one: sites know nothing of each other, whichever partition they are in. */
import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { nameByPartition } from './partition-letters.ts';
import type { ReplayResult } from './replay.ts';

export interface PartitionReplay {
  readonly partition: number;
  readonly result: ReplayResult;
}

interface Keyed<T> {
  readonly value: T;
  readonly at: number;
}

function sortedBy<T>(values: readonly T[], instant: (value: T) => string, name: (value: T) => string): readonly T[] {
  const keyed = values.map((value): Keyed<T> => ({ value, at: parseInstant(instant(value)) }));
  const order = (a: Keyed<T>, b: Keyed<T>): number => {
    const [one, other] = [name(a.value), name(b.value)];
    return a.at - b.at || (one < other ? -1 : one > other ? 1 : 0);
  };
  return keyed.sort(order).map(({ value }) => value);
}

/** In the order of a replay that knows no partitions; dead letters by partition and offset, under the names that they have there. */
export function mergeReplays(replays: readonly PartitionReplay[]): ReplayResult {
  const counts: Record<string, number> = {};
  for (const { result } of replays)
    for (const [name, value] of Object.entries(result.counts)) counts[name] = (counts[name] ?? 0) + value;
  return {
    findings: sortedBy<Finding>(
      replays.flatMap(({ result }) => result.findings),
      ({ detectedAt }) => detectedAt,
      ({ id }) => id,
    ),
    means: sortedBy<Mean>(
      replays.flatMap(({ result }) => result.means),
      ({ end }) => end,
      ({ site }) => site,
    ),
    deadLetters: replays.flatMap(({ partition, result }) => nameByPartition(result.deadLetters, partition)),
    counts,
  };
}
