import { isFlagged, mapSignal, numberOf, usualLevel } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Top of the lower range, as a share of the level that is usual there. */
const TOP_SHARE = 1.04;

/** A two-range analyser: a value that leaves its lower range is cut for one minute, then measured in the upper one. */
export const dualRangeSwitch: LookAlikeKind = {
  id: 'dual-range-switch',
  rule: null,
  resembles: 'falsification.pinned',
  also: ['falsification.clipped'],
  trap: 'pinned: dual range switching',
  does: 'one channel touches the top of its lower range for a minute whenever it passes it, under flag T',
  needs: ['device', 'signal'],
  defaults: { minutes: 1_440 },
  alter: (report, scene) => {
    const { settings, place, pristineAt, everyMs } = scene;
    const { signal } = settings;
    if (isFlagged(report, signal)) return report;
    const top = usualLevel(scene, signal) * TOP_SHARE;
    const before = numberOf(pristineAt(report.tsAt + report.periodMs - everyMs).values[signal]) ?? 0;
    const passes = before < top && (numberOf(report.values[signal]) ?? 0) >= top;
    if (!passes) return report;
    return { ...mapSignal(report, signal, place, () => top), flags: { ...report.flags, [signal]: 'T' } };
  },
  subject: stackSubject,
};
