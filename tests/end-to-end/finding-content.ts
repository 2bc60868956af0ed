/** Findings as two ways of arriving must agree on them: what arrival itself tells is left out. */
import type { Finding } from '../../contracts/finding.ts';

/** Judged by when reports came, not by what they say. */
const ABOUT_ARRIVAL: ReadonlySet<string> = new Set(['quality.offline', 'quality.clock', 'falsification.backfill']);

export type FindingContent = Omit<Finding, 'detectedAt' | 'revision'>;

/** By id, without the moment and the number of steps in which they came to stand. */
export function standingContent(findings: readonly Finding[]): Readonly<Record<string, FindingContent>> {
  const standing = findings.filter(({ rule, state }) => state !== 'withdrawn' && !ABOUT_ARRIVAL.has(rule));
  const entries = standing.map(
    ({ detectedAt: _at, revision: _revision, ...content }) => [content.id, content] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One JSON text a finding, in an order that does not depend on who lists them. */
export function asLines(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => JSON.stringify(finding)).sort();
}
