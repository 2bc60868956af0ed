/** What every reader of a part of the registry is given. */
import type { LocalTime } from '../time/local-time.ts';
import type { Signal } from '../signals.ts';
import { at, type Place } from './place.ts';
import type { ProblemList } from './problem-list.ts';

export interface ReadContext {
  readonly time: LocalTime;
  readonly signals: ReadonlyMap<string, Signal>;
  readonly districts: ReadonlySet<string>;
  /** Some file could not be read whole: that a name is unknown is then no news. */
  readonly incomplete: boolean;
  readonly problems: ProblemList;
}

/** The signal of that name; a problem at `place` where there is none. */
export function readSignal(id: string | undefined, place: Place, context: ReadContext): Signal | undefined {
  if (id === undefined) return undefined;
  const signal = context.signals.get(id);
  if (signal !== undefined || context.incomplete) return signal;
  const remedy = context.problems.suggest(id, context.signals.keys(), 'Declare it under `signals`.');
  context.problems.problem(place, 'reference-unknown', { message: `unknown signal \`${id}\``, remedy });
  return undefined;
}

/** Reports every id that stands a second time; gives back the first place of each. */
export function checkUnique(
  ids: Iterable<readonly [id: string | undefined, place: Place]>,
  what: string,
  problems: ProblemList,
  seen = new Map<string, Place>(),
): Map<string, Place> {
  for (const [id, place] of ids) {
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, at(place, 'id'));
    else
      problems.problem(
        at(place, 'id'),
        'id-duplicate',
        { message: `${what} \`${id}\` stands twice`, remedy: 'Give one of them another id.' },
        first,
      );
  }
  return seen;
}
