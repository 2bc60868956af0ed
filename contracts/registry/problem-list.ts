/** Collects what is wrong while a registry is read, and says it with lines in the end. */
import { nearestName, suggestName } from './nearest-name.ts';
import { at, spell, type Place } from './place.ts';
import { formatPath, type EntryProblem, type ProblemCode } from './problem.ts';

/** What was seen and what was expected, and what to do about it. */
export type Words = Pick<EntryProblem, 'message' | 'remedy'>;

/** A problem that does not know its line yet. */
export interface Remark extends Words {
  readonly place: Place;
  readonly code: ProblemCode;
  /** The other spot that the message speaks of, such as the first of two equal ids. */
  readonly other: Place | undefined;
}

export interface ProblemList {
  readonly problems: readonly Remark[];
  readonly warnings: readonly Remark[];
  /** A part that does not fit the schema; what follows from it is not told as well. */
  readonly misfit: (place: Place, code: ProblemCode, words: Words) => void;
  readonly problem: (place: Place, code: ProblemCode, words: Words, other?: Place) => void;
  readonly warning: (place: Place, code: ProblemCode, words: Words, other?: Place) => void;
  /** A problem of an entry at `place`. */
  readonly entryProblem: (place: Place, problem: EntryProblem) => void;
  readonly entryWarning: (place: Place, problem: EntryProblem) => void;
  /** The remedy for an unknown name. Near names are looked for a few hundred times, not a hundred thousand times. */
  readonly suggest: (name: string, candidates: Iterable<string>, otherwise: string) => string;
  /** The near name itself; tires as `suggest` does. */
  readonly findNear: (name: string, candidates: Iterable<string>) => string | undefined;
}

/** How many near names are looked for in one reading. */
const MOST_HINTS = 300;

export function createProblemList(): ProblemList {
  const problems: Remark[] = [];
  const warnings: Remark[] = [];
  // Where a value does not fit, and what holds it: that a limit has no bound goes without saying where its bound is "5 mg".
  const misfits = new Set<string>();
  let hints = 0;

  const isFollowUp = (place: Place): boolean => misfits.size > 0 && misfits.has(nameOf(place));
  const list: ProblemList = {
    problems,
    warnings,
    misfit: (place, code, words) => {
      problems.push({ place, code, ...words, other: undefined });
      misfits.add(nameOf(place));
      if (code === 'value-invalid' && place.parent !== undefined) misfits.add(nameOf(place.parent));
    },
    problem: (place, code, words, other) => {
      if (!isFollowUp(place)) problems.push({ place, code, ...words, other });
    },
    warning: (place, code, words, other) => {
      if (!isFollowUp(place)) warnings.push({ place, code, ...words, other });
    },
    entryProblem: (place, { path, code, message, remedy }) =>
      list.problem(at(place, ...path), code, { message, remedy }),
    entryWarning: (place, { path, code, message, remedy }) =>
      list.warning(at(place, ...path), code, { message, remedy }),
    suggest: (name, candidates, otherwise) =>
      (hints += 1) > MOST_HINTS ? otherwise : suggestName(name, [...candidates], otherwise),
    findNear: (name, candidates) => ((hints += 1) > MOST_HINTS ? undefined : nearestName(name, candidates)),
  };
  return list;
}

function nameOf(place: Place): string {
  const { file, keys } = spell(place);
  return `${file}:${formatPath(keys)}`;
}
