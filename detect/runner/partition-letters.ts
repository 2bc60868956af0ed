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
