import { gasesOf, isFlagged, mapSignal, numberOf } from '../faults/alterations.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** For a time a wet analyser stands in: everything is lower by the share of water, oxygen too. */
export const wetBasis: LookAlikeKind = {
  id: 'wet-basis',
  rule: null,
  resembles: 'falsification.oxygen',
  also: ['falsification.scaled', 'falsification.diluted'],
  trap: 'oxygen: wet and dry basis',
  does: 'gases and oxygen are shown wet',
  needs: ['device'],
  defaults: { minutes: 2_880 },
  alter: (report, { place }) => {
    if (isFlagged(report, 'o2')) return report;
    const dryShare = 1 - (numberOf(report.values['humidity']) ?? 0) / 100;
    return [...gasesOf(report, place), 'o2'].reduce(
      (one, signal) => mapSignal(one, signal, place, (value) => value * dryShare),
      report,
    );
  },
  subject: (_settings, place) => stackSubject({ signal: 'o2' }, place),
};
