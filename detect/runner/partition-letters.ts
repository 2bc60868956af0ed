/** Names of dead letters where the log is divided. */
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';

const PREFIX = 'dl-';

/** `dl-{offset}` becomes `dl-{partition}-{offset}`. */
export function nameByPartition(letters: readonly DeadLetter[], partition: number): readonly DeadLetter[] {
  return letters.map((letter) => ({
    ...letter,
    id: `${PREFIX}${String(partition)}-${letter.id.slice(PREFIX.length)}`,
  }));
}

/** Whether a name of that kind is of the partition. */
export function isOfPartition(id: string, partition: number): boolean {
  return id.startsWith(`${PREFIX}${String(partition)}-`);
}
