/** Whether a mean that a device made itself can have been made of the finer values that it sent. */

/** The finer values of a period that they make valid. */
export interface OwnParts {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly valid: number;
  readonly expected: number;
  /** `minutes`, `hours`, or an ISO 8601 length. */
  readonly unit: string;
  /** Other means that an honest device may have made of them. */
  readonly others: readonly number[];
}

/** One own mean, flagged N, of one signal. */
export interface OwnMeanInput {
  readonly start: number;
  readonly end: number;
  /** ISO 8601 */
  readonly average: string;
  readonly mean: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** undefined: too few, or not to be held against it. */
  readonly parts: OwnParts | undefined;
  /** Of the registry. */
  readonly resolution: number | undefined;
  /** Its zero is a convention (pressure, temperature): a share of the mean says nothing near it. */
  readonly isSigned: boolean;
}

/** What a difference is measured by. */
export interface Allowance {
  /** Of the mean of the parts. */
  readonly share: number;
  /** Steps of the resolution. */
  readonly resolutions: number;
}

/** Decimals that a device shows at most: in its means, in their extremes, in the parts. Part of snapshots. */
export type Decimals = [number, number, number];

const MOST_DECIMALS = 6;
/** Beyond this, rounding of sums: no difference. */
const ROUNDING = 1e-9;

function decimalsOf(value: number): number {
  let scaled = Math.abs(value);
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals += 1) {
    if (Math.abs(scaled - Math.round(scaled)) <= ROUNDING * Math.max(1, scaled)) return decimals;
    scaled *= 10;
  }
  return MOST_DECIMALS;
}

export function learnDecimals(decimals: Decimals, input: OwnMeanInput): void {
  const learn = (kind: 0 | 1 | 2, value: number | undefined): void => {
    if (value !== undefined && decimals[kind] < MOST_DECIMALS)
      decimals[kind] = Math.max(decimals[kind], decimalsOf(value));
  };
  learn(0, input.mean);
  learn(1, input.min);
  learn(1, input.max);
  learn(2, input.parts?.min);
  learn(2, input.parts?.max);
}

/** What rounding may do: to the mean itself, to each part, to the extremes beside the mean. */
interface Steps {
  readonly own: number;
  /** Half a step of both together. */
  readonly rounding: number;
  readonly extremes: number;
}

function stepsOf(decimals: Decimals, input: OwnMeanInput): Steps {
  const [ownDecimals, extremeDecimals, partDecimals] = decimals;
  const own = input.resolution ?? 10 ** -ownDecimals;
  const parts = input.resolution ?? 10 ** -partDecimals;
  return { own, rounding: (own + parts) / 2, extremes: input.resolution ?? Math.max(own, 10 ** -extremeDecimals) };
}

function isBeyond(value: number, low: number, high: number, slack: number): boolean {
  const allowed = slack * (1 + ROUNDING) + ROUNDING * Math.abs(value);
  return value < low - allowed || value > high + allowed;
}

/** From so many parts on their spread is what the gas does in the period; that of fewer may be small by chance. */
const TELLING_PARTS = 32;

/**
 * Unseen parts like those that were seen could have made the mean so: they were lost on the way, or are flagged. A few
 * minutes next to each other may well lie beyond all others of their period, by as much as those spread.
 */
function mayComeFromUnseen(own: number, parts: OwnParts, slack: number): boolean {
  const unseen = parts.expected - parts.valid;
  if (unseen <= 0) return false;
  const needed = (own * parts.expected - parts.mean * parts.valid) / unseen;
  const beyond = (parts.max - parts.min) * Math.max(1, TELLING_PARTS / parts.valid);
  // A step in the mean of all is worth more in the mean of a few.
  return !isBeyond(needed, parts.min - beyond, parts.max + beyond, (slack * parts.expected) / unseen);
}

export interface Contradiction {
  readonly why: 'differs' | 'outside-parts' | 'outside-own';
  readonly difference: number;
  readonly tolerance: number;
}

/** Parts from which on one sample more or less is no way to hide anything. */
const MANY_PARTS = 45;

/** What the mean may be off by where the clock of its period is one sample off: matters where the gas rises steeply. */
function skewOf({ min, max, valid }: OwnParts): number {
  return valid < MANY_PARTS ? 0 : (max - min) / valid;
}

function againstParts(
  input: OwnMeanInput,
  parts: OwnParts,
  steps: Steps,
  allowed: Allowance,
): Contradiction | undefined {
  const { mean: own } = input;
  const spread = parts.max - parts.min;
  const toleranceOf = (mean: number): number => {
    const size = input.isSigned ? Math.max(Math.abs(mean), spread) : Math.abs(mean);
    return Math.max(allowed.resolutions * steps.own, allowed.share * size, steps.rounding, skewOf(parts));
  };
  const difference = own - parts.mean;
  const tolerance = toleranceOf(parts.mean);
  const disagrees = (mean: number): boolean => isBeyond(own, mean, mean, toleranceOf(mean));
  if (disagrees(parts.mean) && parts.others.every(disagrees) && !mayComeFromUnseen(own, parts, steps.rounding))
    return { why: 'differs', difference, tolerance };
  const isOutside = isBeyond(own, parts.min, parts.max, Math.max(steps.own, steps.rounding));
  if (isOutside && parts.valid >= parts.expected) return { why: 'outside-parts', difference, tolerance: steps.own };
  return undefined;
}

/** Minimum and maximum of the same report; both zero is how loggers say that they have none. */
function againstItself({ mean, min, max }: OwnMeanInput, steps: Steps): Contradiction | undefined {
  if (min === undefined || max === undefined || min > max || (min === 0 && max === 0)) return undefined;
  if (!isBeyond(mean, min, max, steps.extremes)) return undefined;
  return { why: 'outside-own', difference: mean < min ? mean - min : mean - max, tolerance: steps.extremes };
}

/** What of the own mean cannot be; undefined where nothing speaks against it. */
export function contradictionOf(
  input: OwnMeanInput,
  decimals: Decimals,
  allowed: Allowance,
): Contradiction | undefined {
  const steps = stepsOf(decimals, input);
  const { parts } = input;
  const found = parts === undefined ? undefined : againstParts(input, parts, steps, allowed);
  return found ?? againstItself(input, steps);
}
