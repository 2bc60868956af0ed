/** A closed period of one signal of an outlet with everything that its judgement rests on. */
import type { MassMethod } from '../../contracts/mean.ts';
import type { Limit } from '../../contracts/registry/registry.ts';
import type { Excuse } from './excuse.ts';

export interface HourMass {
  /** null: unknown. */
  readonly kg: number | null;
  readonly method: MassMethod;
  /** It was told otherwise before. */
  readonly isRevised?: boolean;
}

export interface JudgedPeriod {
  readonly outlet: string;
  readonly device: string;
  readonly signal: string;
  /** ISO 8601 */
  readonly average: string;
  readonly start: number;
  readonly end: number;
  readonly valid: boolean;
  /** As measured, dry. */
  readonly mean: number | null;
  /** At the reference oxygen; null where there is none or it cannot be known. */
  readonly converted: number | null;
  readonly o2: number | null;
  /** The mean or its conversion is the least that it can be. */
  readonly lowerBound: boolean;
  /** O2 that a lower bound was made with, % . */
  readonly assumedO2: number | null;
  readonly overRange: boolean;
  /** What the limit is compared with: converted where the outlet has a reference oxygen. */
  readonly value: number | null;
  readonly operating: boolean | null;
  readonly excuse: Excuse | null;
  readonly parts: { readonly valid: number; readonly expected: number; readonly unit: string };
  readonly source: 'samples' | 'device';
  readonly ownMean: number | null;
  readonly ownConverted: number | null;
  /** What the compared value would be with values sent later. */
  readonly later: number | null;
  /** Of an hour of a signal that stands under a cap. */
  readonly mass?: HourMass;
}

export type Verdict = 'within' | 'over' | 'unknown' | 'not-operating' | 'excused' | 'no-limit';

/** Whether a known, operating value breaks the limit; a lower bound never shows compliance. */
function compare(period: JudgedPeriod, limit: Pick<Limit, 'max' | 'min'>): 'within' | 'over' | 'unknown' {
  const { value } = period;
  if (!period.valid || value === null) return 'unknown';
  if (limit.max !== undefined && value > limit.max) return 'over';
  if (limit.min !== undefined && value < limit.min) return period.lowerBound ? 'unknown' : 'over';
  return period.lowerBound ? 'unknown' : 'within';
}

/** Not operating and excused periods are neither compliant nor exceeding. */
export function judge(period: JudgedPeriod, limit: Pick<Limit, 'max' | 'min'>): Verdict {
  if (period.operating === false) return 'not-operating';
  const verdict = compare(period, limit);
  return verdict === 'over' && period.excuse !== null ? 'excused' : verdict;
}
