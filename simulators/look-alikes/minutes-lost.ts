import { gasesOf, mapMean, measuredMean, MINUTE_MS } from '../faults/alterations.ts';
import type { LookAlikeKind, Scene } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';
import type { DeviceReport } from '../instruments/device-report.ts';

/** Of every ten minutes these are lost: what is left is enough for a mean. */
const LOST_FROM_MINUTE = 7;
const LOST_TO_MINUTE = 9;

/** The mean and the extremes of what the device measured, whether it arrived or not. */
function meanOfAll(mean: DeviceReport, signal: string, scene: Scene): DeviceReport {
  const told = mean.values[signal];
  const all = measuredMean(scene, signal, { fromAt: mean.tsAt, toAt: mean.tsAt + mean.periodMs });
  if (typeof told !== 'object' || told.avg === undefined || told.avg === 0 || all === undefined) return mean;
  const { avg } = told;
  const { min = all.min, max = all.max } = told;
  const extremes = { ...told, min: Math.min(min, all.min), max: Math.max(max, all.max) };
  const values = { ...mean.values, [signal]: extremes };
  return mapMean({ ...mean, values }, signal, scene.place, (value) => (value * all.mean) / avg);
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
    [...gasesOf(mean, scene.place), 'o2'].reduce((one, signal) => meanOfAll(one, signal, scene), mean),
  subject: (_settings, place) => stackSubject({ signal: '' }, place),
};
