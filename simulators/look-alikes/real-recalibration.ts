import { flagAll, mapSignal, MINUTE_MS, settingBefore } from '../faults/alterations.ts';
import type { LookAlikeKind, Scene } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';
import type { DeviceReport } from '../instruments/device-report.ts';

const WORK_MS = 40 * MINUTE_MS;

/** A report in the work: flagged and declared, with the setting as it stands when the work is over. */
function workedOn(report: DeviceReport, scene: Scene, setting: number): DeviceReport {
  const { settings, span, everyMs } = scene;
  const since = report.tsAt - span.fromAt;
  const isOver = since + everyMs >= WORK_MS;
  return {
    ...flagAll(report, 'M'),
    mark: since < everyMs ? { state: 'maintenance', untilAt: span.fromAt + WORK_MS } : undefined,
    parameters: isOver ? { ...report.parameters, [`${settings.signal}.slope`]: setting } : report.parameters,
  };
}

/** A service visit, declared and flagged: the slope is put right and told, and the level steps from then on. */
export const realRecalibration: LookAlikeKind = {
  id: 'real-recalibration',
  rule: null,
  resembles: 'falsification.scaled',
  also: ['falsification.correlation'],
  trap: 'scaled: real recalibration',
  does: 'forty minutes of declared maintenance, after which one channel shows `factor` of what it did; taken back at another visit',
  needs: ['device', 'signal'],
  defaults: { factor: 0.93, minutes: 4_320 },
  alter: (report, scene) => {
    const { settings, span, everyMs, place } = scene;
    const { signal, factor } = settings;
    const slope = `${signal}.slope`;
    const before = settingBefore(scene, slope) ?? 1;
    const after = Math.round(before * factor * 1e4) / 1e4;
    if (report.tsAt - span.fromAt < WORK_MS) return workedOn(report, scene, after);
    const scaled = mapSignal(report, signal, place, (value) => value * factor);
    // Somebody comes again at the end, declared for that minute.
    if (report.tsAt + everyMs >= span.toAt) {
      const mark = { state: 'maintenance', untilAt: span.toAt };
      return { ...flagAll(scaled, 'M'), mark, parameters: { ...report.parameters, [slope]: before } };
    }
    return report.parameters?.[slope] === undefined
      ? scaled
      : { ...scaled, parameters: { ...report.parameters, [slope]: after } };
  },
  subject: stackSubject,
};
