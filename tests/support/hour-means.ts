/** Hour means of a stack recomputed the plain way, to check simulators with; no rule is involved. */

export interface GasMinute {
  readonly ts: number;
  readonly values: Readonly<Record<string, number>>;
  readonly flags: Readonly<Record<string, string>>;
}

export interface HourMean {
  readonly startAt: number;
  /** Minutes with flag N of the signal and of oxygen. */
  readonly minutes: number;
  readonly o2: number;
  readonly mean: number;
  /** mean × (21 − reference) / (21 − O₂); the mean itself without a reference. */
  readonly converted: number;
}

const HOUR_MS = 3_600_000;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Hours in order; local hours of zones with whole-hour offsets. */
export function hourMeans(
  minutes: readonly GasMinute[],
  signal: string,
  o2Reference: number | undefined,
): readonly HourMean[] {
  const hours = new Map<number, GasMinute[]>();
  for (const minute of minutes) {
    const isValid = minute.flags[signal] === undefined && minute.flags['o2'] === undefined;
    if (!isValid || minute.values[signal] === undefined) continue;
    const startAt = Math.floor(minute.ts / HOUR_MS) * HOUR_MS;
    hours.set(startAt, [...(hours.get(startAt) ?? []), minute]);
  }
  return [...hours].map(([startAt, valid]) => {
    const o2 = mean(valid.map(({ values }) => values['o2'] ?? Number.NaN));
    const measured = mean(valid.map(({ values }) => values[signal] ?? Number.NaN));
    const converted = o2Reference === undefined ? measured : (measured * (21 - o2Reference)) / (21 - o2);
    return { startAt, minutes: valid.length, o2, mean: measured, converted };
  });
}
