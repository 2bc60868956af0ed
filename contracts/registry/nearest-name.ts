/** "Did you mean …": the name that a mistyped one was probably meant to be. */

const plain = (name: string): string => name.toLowerCase().replace(/[-_ .]/g, '');

/** Longest name and longest list that are looked through: a hint must never cost more than the check itself. */
const LONGEST_NAME = 64;
const MOST_CANDIDATES = 20_000;

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count 1 each
 * (Damerau 1964, restricted form). O(n·m).
 * @example editDistance('limtis', 'limits') // 1
 */
export function editDistance(left: string, right: string): number {
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      const least = Math.min(at(above, column) + 1, at(current, column - 1) + 1, at(above, column - 1) + cost);
      const swapped = row > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(swapped ? Math.min(least, at(before, column - 2) + 1) : least);
    }
    before = above;
    above = current;
  }
  return at(above, right.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;

/**
 * The candidate nearest to a name, `undefined` where none is near: at most a third of the letters (at least one) may
 * differ; case, hyphens, underscores and dots do not count. The first of equally near ones.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(name);
  if (wanted === '' || wanted.length > LONGEST_NAME) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let left = MOST_CANDIDATES;
  for (const candidate of candidates) {
    left -= 1;
    if (left < 0) break;
    const other = plain(candidate);
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, other);
    if (distance < bestDistance && distance < Math.max(wanted.length, other.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A remedy sentence: the near name where there is one, else the whole list where it is short enough to read. */
export function suggestName(name: string, candidates: readonly string[], otherwise: string): string {
  const near = nearestName(name, candidates);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  if (candidates.length === 0 || candidates.length > 40) return otherwise;
  return `${otherwise} Known here: ${candidates.join(', ')}.`;
}
