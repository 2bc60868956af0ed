import { conversionOf, isFlagged, mapSignal, multiplyGas } from '../faults/alterations.ts';
import { factorToLimit, limitOf } from '../faults/fault-place.ts';
import type { LookAlikeKind } from '../faults/fault.ts';
import { stackSubject } from '../faults/subjects.ts';

/** Where the dosing holds the gas, in % of its limit, and what is left of its unrest. */
const SET_POINT_PERCENT = 86;
const UNREST_LEFT = 0.4;

/** Reagent is dosed to a set-point below the limit: values bunch there, on both sides of it. */
export const dosingControl: LookAlikeKind = {
  id: 'dosing-control',
  rule: null,
  resembles: 'falsification.clipped',
  also: ['limit.near'],
  trap: 'clipped: closed-loop control to a set-point',
  does: 'dosing holds a gas at 86 % of its limit, and takes out most of its unrest',
  needs: ['device', 'signal'],
  defaults: { minutes: 43_200 },
  disturb: (conditions, { settings: { signal }, place }) =>
    multiplyGas(conditions, signal, factorToLimit(place, signal, SET_POINT_PERCENT)),
  alter: (report, { settings: { signal }, place }) => {
    const limit = limitOf(place, signal);
    if (limit === undefined || isFlagged(report, signal)) return report;
    const aim = (limit * SET_POINT_PERCENT) / 100 / conversionOf(report, place);
    return mapSignal(report, signal, place, (value) => aim + (value - aim) * UNREST_LEFT);
  },
  subject: stackSubject,
};
