/**
 * Valid capture rate (有效数据捕集率) of the running quarter to date: valid hours ÷ hours in which the plant did not
 * stand. In the first days of a quarter a single hour would weigh too much: there the quarter before counts with it.
 */

/** Part of snapshots. */
export interface CaptureRate {
  quarterStart: number | null;
  /** Hours in which the plant did not stand, and those of them that are valid. */
  due: number;
  valid: number;
  /** Likewise of the quarter before. */
  dueBefore: number;
  validBefore: number;
}

export function createCaptureRate(): CaptureRate {
  return { quarterStart: null, due: 0, valid: 0, dueBefore: 0, validBefore: 0 };
}

/** An hour in which the plant did not stand. */
export function countDueHour(rate: CaptureRate, quarterStart: number, isValid: boolean): void {
  if (rate.quarterStart !== quarterStart) {
    rate.dueBefore = rate.due;
    rate.validBefore = rate.valid;
    rate.quarterStart = quarterStart;
    rate.due = 0;
    rate.valid = 0;
  }
  rate.due += 1;
  if (isValid) rate.valid += 1;
}

/**
 * 0 to 1; 0 before the first hour.
 * @param hoursAlone hours from which on the running quarter stands for itself
 */
export function captureShare(rate: CaptureRate, hoursAlone: number): number {
  const isAlone = rate.due >= hoursAlone;
  const due = isAlone ? rate.due : rate.due + rate.dueBefore;
  const valid = isAlone ? rate.valid : rate.valid + rate.validBefore;
  return due === 0 ? 0 : valid / due;
}
