/** A mark from the registry, a device or the API with its instants resolved, and whether what it names exists. */
import type { Mark, WireMark } from '../order.ts';
import { STATES } from '../report.ts';
import { ok, rejected, type Result } from '../result.ts';
import type { LocalTime } from '../time/local-time.ts';
import { reportMissing, type FindNear, type RegistryNames } from './check-order-references.ts';
import { nearestName } from './nearest-name.ts';
import { formatEntryProblem, type EntryProblem } from './problem.ts';
import type { Draft } from './registry-file.ts';
import { readMomentOf, spanReversed } from './resolve-order.ts';

/** What a mark does not say of itself. */
export interface Declaration {
  /** When it became known, epoch ms. */
  readonly declaredAt: number;
  readonly accepted: boolean;
  readonly by: string;
}

/**
 * The mark as the stages see it, or everything that is wrong with it, one line each. Who declared it comes from
 * `declaration` alone: what a mark says of its author is the author's word.
 */
export function resolveMark(wire: WireMark, time: LocalTime, declaration: Declaration): Result<Mark, string[]> {
  const { mark, problems } = readMark(wire, time, declaration);
  return problems.length === 0 ? ok(mark) : rejected(problems.map(formatEntryProblem));
}

/** A mark of a registry file: accepted, and known from its beginning on. */
export function readRegistryMark(
  wire: Draft<WireMark>,
  time: LocalTime,
): { readonly mark: Mark; readonly problems: readonly EntryProblem[] } {
  const read = readMark(wire, time, { declaredAt: 0, accepted: true, by: wire.by ?? 'registry' });
  return { mark: { ...read.mark, declaredAt: read.mark.fromAt }, problems: read.problems };
}

function readMark(
  wire: Draft<WireMark>,
  time: LocalTime,
  declaration: Declaration,
): { readonly mark: Mark; readonly problems: readonly EntryProblem[] } {
  const problems: EntryProblem[] = [];
  const fromAt = readMomentOf(wire.from, 'from', time, problems) ?? -Infinity;
  const toAt = readMomentOf(wire.to, 'to', time, problems) ?? Infinity;
  if (fromAt >= toAt) problems.push(spanReversed(wire.from, wire.to));
  const { site = '', outlet, line, device, state = '', note } = wire;
  return { mark: { site, outlet, line, device, state, fromAt, toAt, ...declaration, note }, problems };
}

/** Site, outlet, line and device that a mark names and the registry does not have. Empty = all is known. */
export function checkMarkReferences(
  mark: Mark,
  { sites }: Pick<RegistryNames, 'sites'>,
  findNear: FindNear = nearestName,
): readonly EntryProblem[] {
  if (mark.site === '') return [];
  const site = sites.get(mark.site);
  if (site === undefined)
    return [reportMissing({ what: 'site', name: mark.site, path: ['site'], known: sites.keys() }, findNear)];
  const check = (what: 'outlet' | 'line' | 'device', known: readonly string[]): EntryProblem[] => {
    const name = mark[what];
    if (name === undefined || known.includes(name)) return [];
    return [reportMissing({ what, name, path: [what], known }, findNear)];
  };
  return [
    ...check(
      'outlet',
      site.outlets.map(({ id }) => id),
    ),
    ...check(
      'line',
      site.lines.map(({ id }) => id),
    ),
    ...check('device', [...site.devices.keys()]),
  ];
}

/** A state that no rule knows is kept, and is a warning where it looks like a misspelt one. */
export function findMisspeltState(mark: Mark): EntryProblem | undefined {
  const known: readonly string[] = STATES;
  if (mark.state === '' || known.includes(mark.state)) return undefined;
  const near = nearestName(mark.state, known);
  if (near === undefined) return undefined;
  const message = `no rule knows the state \`${mark.state}\``;
  return { path: ['state'], code: 'mark-state', message, remedy: `Did you mean \`${near}\`?` };
}
