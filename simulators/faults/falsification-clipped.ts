import { conversionOf, isFlagged, mapSignal, multiplyGas, tickOf } from './alterations.ts';
import { factorToLimit, limitOf } from './fault-place.ts';
import type { FaultKind } from './fault.ts';
import { stackSubject } from './subjects.ts';

/** How far over its limit the gas truly stands on average, in %. */
const TRUE_PERCENT = 102;

/**
 * The gas is over its limit half of the time; what is over is shown right under it, `percent` of the limit deep: a
 * careful cheat spreads it, a careless one shows one value.
 */
export const falsificationClipped: FaultKind = {
  id: 'falsification-clipped',
  rule: 'falsification.clipped',
  also: [
    'falsification.correlation',
    'falsification.smooth',
    'limit.day',
    'limit.forecast',
    'limit.near',
    'limit.surge',
  ],
  does: 'the gas is over its hour limit half of the time, and what is over is shown up to `percent` of the limit below it',
  needs: ['device', 'signal'],
  strengths: {
    weak: { percent: 6, minutes: 43_200 },
    middle: { percent: 3, minutes: 43_200 },
    strong: { percent: 0.5, minutes: 43_200 },
  },
  disturb: (conditions, { settings: { signal }, place }) =>
    multiplyGas(conditions, signal, factorToLimit(place, signal, TRUE_PERCENT)),
  alter: (report, scene) => {
    const { signal, percent } = scene.settings;
    const limit = limitOf(scene.place, signal);
    if (limit === undefined || isFlagged(report, signal)) return report;
    const conversion = conversionOf(report, scene.place);
    const depth = (percent / 100) * scene.random.uniformAt(tickOf(report, scene));
    const top = (limit * (1 - depth)) / conversion;
    return mapSignal(report, signal, scene.place, (value) => Math.min(value, top));
  },
  subject: stackSubject,
};
