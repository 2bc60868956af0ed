import { mapSignal } from './alterations.ts';
import type { FaultKind } from './fault.ts';
import { deviceSubject } from './subjects.ts';
import { turnMachines } from './alterations.ts';

const PHASES = ['a', 'b', 'c'] as const;

function lostPhases(percent: number): readonly string[] {
  return PHASES.slice(0, Math.round((percent / 100) * PHASES.length));
}

/** Current transformers are shorted: there is voltage, and no current, and so no power. */
export const falsificationMeterPhase: FaultKind = {
  id: 'falsification-meter-phase',
  rule: 'falsification.meter',
  also: ['falsification.load-mismatch', 'order.limit', 'treatment.idle', 'treatment.off'],
  does: '`percent` of the phases of a meter have voltage and no current; power and register follow',
  needs: ['device'],
  strengths: {
    weak: { percent: 34, minutes: 120 },
    middle: { percent: 67, minutes: 240 },
    strong: { percent: 67, minutes: 720 },
  },
  disturb: (conditions, { settings: { device, percent } }) =>
    turnMachines(conditions, [device], Math.max(0.0001, 1 - lostPhases(percent).length / PHASES.length)),
  alter: (report, { settings: { percent }, place }) => {
    const lost = lostPhases(percent).length;
    const whole = lost === PHASES.length ? 0 : PHASES.length / (PHASES.length - lost);
    return PHASES.reduce(
      (one, phase, index) => mapSignal(one, `current-${phase}`, place, (value) => (index < lost ? 0 : value * whole)),
      report,
    );
  },
  subject: deviceSubject,
};
