/** Drying and conversion of a period's means, for the values sent first and for those sent later side by side. */
import type { CellMean } from './period-cell.ts';
import { AIR_O2_PERCENT, lowestOxygen, toDry, toReferenceOxygen, type OxygenHistory } from './oxygen.ts';

/** A mean as it stands, and as values would make it that were sent later for the same instants. */
export interface Twice {
  readonly first: number;
  readonly later: number;
}

export function twice(cell: CellMean | undefined): Twice | null {
  if (cell === undefined || cell.mean === null) return null;
  return { first: cell.mean, later: cell.later ?? cell.mean };
}

/** What later values would make; null where they change nothing. */
export function combine(value: Twice | null): number | null {
  return value === null || value.later === value.first ? null : value.later;
}

/** Dry concentration; null where it or the humidity is not known. */
export function dryGas(wet: Twice | null, humidity: Twice | null): Twice | null {
  if (wet === null || humidity === null) return null;
  const first = toDry(wet.first, humidity.first);
  return first === undefined ? null : { first, later: toDry(wet.later, humidity.later) ?? first };
}

export interface Conversion {
  readonly value: Twice | null;
  /** O2 that stood in for the unknown one, which makes the value a lower bound; % . */
  readonly assumedO2: number | null;
}

/** The converted value, exact or as a lower bound; unknown where the stack holds air. */
export function convert(
  mean: Twice,
  o2: Twice | null,
  referencePercent: number,
  outlet: { readonly history: OxygenHistory; readonly dayStart: number },
): Conversion {
  const at = (oxygen: Twice): Twice => {
    const first = toReferenceOxygen(mean.first, referencePercent, oxygen.first);
    const later = oxygen.later < AIR_O2_PERCENT ? toReferenceOxygen(mean.later, referencePercent, oxygen.later) : first;
    return { first, later };
  };
  if (o2 !== null) return { value: o2.first >= AIR_O2_PERCENT ? null : at(o2), assumedO2: null };
  const assumedO2 = lowestOxygen(outlet.history, outlet.dayStart);
  if (assumedO2 === undefined) return { value: null, assumedO2: null };
  return { value: at({ first: assumedO2, later: assumedO2 }), assumedO2 };
}
