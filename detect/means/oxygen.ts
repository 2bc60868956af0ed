/** Reference oxygen: conversion, and the lower bound where the oxygen is not known. */

/** Mean O2 in %, from which on the stack holds air: nothing burns there, and nothing can be converted. */
export const AIR_O2_PERCENT = 20.5;
const LOOK_BACK_DAYS = 30;

/**
 * Concentration at the reference oxygen (HJ 212-2017 annex D): mean × (21 − reference) / (21 − O2).
 * @param o2Percent mean of the period, below {@link AIR_O2_PERCENT}
 * @example toReferenceOxygen(30, 10, 12) // 36.67 mg/m³
 */
export function toReferenceOxygen(meanMgPerM3: number, referencePercent: number, o2Percent: number): number {
  return (meanMgPerM3 * (21 - referencePercent)) / (21 - o2Percent);
}

/** Dry concentration of a wet one; `undefined` for a humidity of 100 % or more. */
export function toDry(wetMgPerM3: number, humidityPercent: number): number | undefined {
  return humidityPercent >= 100 || humidityPercent < 0 ? undefined : wetMgPerM3 / (1 - humidityPercent / 100);
}

/** Lowest valid hourly O2 of each of the last operating days, newest last; null: none was valid. Part of snapshots. */
export interface OxygenHistory {
  days: { day: number; lowest: number | null }[];
}

export function initialOxygenHistory(): OxygenHistory {
  return { days: [] };
}

/** An operating hour; `o2Percent` null where its O2 is not valid. Air in the stack is no O2 of a working furnace. */
export function rememberOxygen(history: OxygenHistory, dayStart: number, o2Percent: number | null): void {
  const known = o2Percent !== null && o2Percent < AIR_O2_PERCENT ? o2Percent : null;
  const last = history.days[history.days.length - 1];
  if (last !== undefined && last.day === dayStart) {
    if (known !== null) last.lowest = Math.min(last.lowest ?? known, known);
  } else {
    history.days.push({ day: dayStart, lowest: known });
    // One more than looked back on: the judged day itself does not count.
    if (history.days.length > LOOK_BACK_DAYS + 1) history.days.shift();
  }
}

/**
 * The lowest hourly O2 of the last 30 operating days, the judged day excluded: the least that a value can be when
 * converted. `undefined` where there is no such day yet.
 */
export function lowestOxygen(history: OxygenHistory, judgedDayStart: number): number | undefined {
  let lowest: number | undefined;
  const before = history.days.filter((entry) => entry.day < judgedDayStart).slice(-LOOK_BACK_DAYS);
  for (const entry of before) {
    if (entry.lowest !== null && (lowest === undefined || entry.lowest < lowest)) lowest = entry.lowest;
  }
  return lowest;
}
