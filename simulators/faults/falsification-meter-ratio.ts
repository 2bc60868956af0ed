import { settingBefore, turnMachines } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';

/** The ratio of the current transformers is set lower: every reading falls by it, and the meter says so. */
export const falsificationMeterRatio: FaultKind = {
  id: 'falsification-meter-ratio',
  rule: 'falsification.meter',
  also: ['falsification.load-mismatch', 'falsification.parameter', 'order.limit', 'treatment.idle', 'treatment.off'],
  does: 'the `ct-ratio` of a meter is set to `factor` of what it is, and its readings follow; set back at the end',
  needs: ['device'],
  strengths: {
    weak: { factor: 0.8, minutes: 720 },
    middle: { factor: 0.5, minutes: 720 },
    strong: { factor: 0.25, minutes: 720 },
  },
  disturb: (conditions, { settings: { device, factor } }) => turnMachines(conditions, [device], factor),
  alter: (report, scene) => {
    const { settings, span, everyMs } = scene;
    const ratio = settingBefore(scene, 'ct-ratio');
    if (ratio === undefined) return report;
    const isFirst = report.tsAt - everyMs < span.fromAt;
    const isLast = report.tsAt + everyMs >= span.toAt;
    if (isLast) return { ...report, parameters: { ...report.parameters, 'ct-ratio': ratio } };
    if (!isFirst && report.parameters?.['ct-ratio'] === undefined) return report;
    return { ...report, parameters: { ...report.parameters, 'ct-ratio': ratio * settings.factor } };
  },
  subject: deviceSubject,
};
