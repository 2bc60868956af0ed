/** The built-in city with fewer sites of each kind, in the same proportions. */

const KINDS = ['cems', 'meters', 'cameras'] as const;

/** Shares of a whole number that add up to it: what is cut off goes to the largest remainders. */
function apportion(weights: readonly number[], whole: number): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (weight * whole) / sum);
  const shares = exact.map(Math.floor);
  const left = whole - shares.reduce((total, share) => total + share, 0);
  const byRemainder = exact.map((value, index) => ({ index, rest: value % 1 })).toSorted((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/**
 * The text of a scenario with a city, with as many sites as are asked for.
 * @throws where it has no counts of its own for each kind of site
 */
export function withSites(scenario: string, sites: number): string {
  const patterns = KINDS.map((kind) => new RegExp(`^( +${kind}: )(\\d+)$`, 'm'));
  const counts = patterns.map((pattern) => Number(pattern.exec(scenario)?.[2]));
  if (counts.some(Number.isNaN)) throw new Error(`the scenario does not say how many ${KINDS.join(', ')} there are`);
  const fewer = apportion(counts, sites);
  return patterns.reduce(
    (text, pattern, index) => text.replace(pattern, (_, name: string) => `${name}${fewer[index] ?? 0}`),
    scenario,
  );
}
