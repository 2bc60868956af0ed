/** What is wrong with a registry: every problem with its file, line and path, so that all can be mended in one go. */

/** Closed and for ever: scripts and pages may rely on a code, the texts may be worded better. */
export const PROBLEM_CODES = [
  'file-syntax',
  'file-empty',
  'file-too-large',
  'key-duplicate',
  'key-unknown',
  'key-missing',
  'value-invalid',
  'timezone-unknown',
  'timezone-differs',
  'id-duplicate',
  'reference-unknown',
  'device-kind-wrong',
  'meter-cycle',
  'instant-invalid',
  'duration-invalid',
  'span-reversed',
  'dated-overlap',
  'dated-unordered',
  'limit-overlap',
  'limit-bounds',
  'signal-unusable',
  'cap-overlap',
  'range-reversed',
  'budget-reversed',
  'plan-duplicate',
  'plan-incomplete',
  'stage-need',
  'order-incomplete',
  'order-daily',
] as const;

/** Worth a look, yet the registry is taken as it is. */
export const WARNING_CODES = [
  'range-narrow',
  'parent-unknown',
  'dated-gap',
  'order-names-exempt',
  'order-empty',
  'order-industry',
  'meter-rating',
  'humidity-missing',
  'mark-state',
  'number-shared',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number] | (typeof WARNING_CODES)[number];

export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `sites[0].outlets[0].limits[1].max`; empty where the whole file is meant. */
  readonly path: string;
  readonly code: ProblemCode;
  /** What was seen and what was expected. */
  readonly message: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

/** What is wrong with one entry, such as an order from the API; `path` leads from that entry to the spot. */
export interface EntryProblem extends Pick<Problem, 'code' | 'message' | 'remedy'> {
  readonly path: readonly (string | number)[];
}

/** A path as text. Keys that would be misread stand in quotes: `rules["limit.hour"].share`. */
export function formatPath(keys: readonly (string | number)[]): string {
  let text = '';
  for (const key of keys) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (!/^[\w-]+$/.test(key)) text += `[${JSON.stringify(key)}]`;
    else text += text === '' ? key : `.${key}`;
  }
  return text;
}

/** One line of text: `scope.sites[0]: message. remedy`. */
export function formatEntryProblem(problem: EntryProblem): string {
  const path = formatPath(problem.path);
  return `${path === '' ? '' : `${path}: `}${problem.message}. ${problem.remedy}`;
}

/** `file:line: path: message. remedy`, as `registry check` prints it; a warning as `file:line: warning: path: …`. */
export function formatProblem(problem: Problem, kind: 'problem' | 'warning' = 'problem'): string {
  const { file, line, path, message, remedy } = problem;
  const word = kind === 'warning' ? 'warning: ' : '';
  return `${file}:${line}: ${word}${path === '' ? '' : `${path}: `}${message}. ${remedy}`;
}
