/**
 * A short text for the values of one signal, one after another at a fixed step.
 *
 * | text | values |
 * | --- | --- |
 * | `12` | one value |
 * | `12x30` | thirty times 12 |
 * | `0+10x4` | 0 10 20 30: begins at 0, each 10 more, four values |
 * | `100-5x3` | 100 95 90 |
 * | `_` `_x15` | nothing is sent: one step, fifteen steps |
 * | `12!C` `12x15!C` | flagged with an HJ 212 data mark |
 *
 * Parts stand one after another, separated by white space: `40x44 _x16 40x45`.
 */
import { FLAGS, type Flag } from '../../contracts/signals.ts';

export interface SeriesValue {
  readonly value: number;
  readonly flag: Flag;
}

/** A value, or nothing sent at that step. */
export type SeriesStep = SeriesValue | undefined;

const PART = /^(?:(_)|(-?\d+(?:\.\d+)?)(?:([+-]\d+(?:\.\d+)?)(?=x))?)(?:x(\d+))?(?:!([A-Z]))?$/;

function readFlag(text: string | undefined, part: string): Flag {
  const flag = FLAGS.find((candidate) => candidate === (text ?? 'N'));
  if (flag === undefined) throw new RangeError(`series part "${part}": no flag ${text ?? ''}`);
  return flag;
}

function readPart(part: string): SeriesStep[] {
  const match = PART.exec(part);
  if (match === null)
    throw new RangeError(`series part "${part}": expected VALUE, VALUExCOUNT, START+STEPxCOUNT or _xCOUNT`);
  const [, gap, start, step, count, flagText] = match;
  const length = Number(count ?? 1);
  if (length === 0) throw new RangeError(`series part "${part}": a count is 1 or more`);
  if (gap !== undefined) {
    if (flagText !== undefined) throw new RangeError(`series part "${part}": a gap has no flag`);
    return Array.from({ length }, () => undefined);
  }
  const flag = readFlag(flagText, part);
  // Twelve digits: 0+0.1x4 is 0.3 at its end, not 0.30000000000000004.
  const valueAt = (index: number): number => Number((Number(start) + index * Number(step ?? 0)).toPrecision(12));
  return Array.from({ length }, (_, index) => ({ value: valueAt(index), flag }));
}

/**
 * @throws RangeError that names the part which is none
 * @example series('12x2 _ 5!C')
 */
export function series(text: string): readonly SeriesStep[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/).flatMap(readPart);
}
