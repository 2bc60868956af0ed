import { gasesOf, isFlagged, mapMean, MINUTE_MS, numberOf } from '../faults/alterations.ts';
import type { LookAlikeKind, Scene } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Of every ten minutes these are lost: what is left is enough for a mean. */
const LOST_FROM_MINUTE = 7;
const LOST_TO_MINUTE = 9;

/** The mean of what the device measured, whether it arrived or not. */
function trueMean(
  signal: string,
  fromAt: number,
  periodMs: number,
  { pristineAt, everyMs }: Scene,
): number | undefined {
  let [sum, count] = [0, 0];
  for (let tickAt = fromAt + everyMs; tickAt <= fromAt + periodMs; tickAt += everyMs) {
    const report = pristineAt(tickAt);
    const value = numberOf(report.values[signal]);
    if (value === undefined || isFlagged(report, signal)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/** Some minutes never arrive, and are never sent again; the device's own means know them. */
export const minutesLost: LookAlikeKind = {
  id: 'minutes-lost',
  rule: null,
  resembles: 'falsification.average-mismatch',
  trap: 'average-mismatch: minutes lost on the way',
  does: 'two of every ten minutes are lost on the way; the own means (`means`) of the device are of all of them',
  needs: ['device'],
  defaults: { minutes: 1_440 },
  alter: (report) => {
    const minute = (((report.tsAt / MINUTE_MS) % 10) + 10) % 10;
    return minute >= LOST_FROM_MINUTE && minute < LOST_TO_MINUTE ? undefined : report;
  },
  alterMean: (mean, scene) =>
    [...gasesOf(mean, scene.place), 'o2'].reduce((one, signal) => {
      const told = numberOf(mean.values[signal]);
      const truth = trueMean(signal, mean.tsAt, mean.periodMs, scene);
      if (told === undefined || told === 0 || truth === undefined) return one;
      return mapMean(one, signal, scene.place, (value) => (value * truth) / told);
    }, mean),
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
