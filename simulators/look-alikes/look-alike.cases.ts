/** Every look-alike on a plant that can have it. */

export interface LookAlikeCase {
  readonly type: 'cement' | 'gas-boiler' | 'incinerator';
  /** Settings as YAML. */
  readonly settings: string;
  /** Further keys of the site. */
  readonly site?: readonly string[];
  /** Where three hours before the start do not show it. */
  readonly fromHours?: number;
}

const channel = (signal = 'nox'): LookAlikeCase => ({ type: 'cement', settings: `device: cems-1, signal: ${signal}` });
const MONITOR: LookAlikeCase = { type: 'cement', settings: 'device: cems-1' };
const KILN: LookAlikeCase = { type: 'cement', settings: 'line: kiln-1' };
const SHORT_MEANS = ['devices: { cems-1: { means: [PT10M, PT1H] } }'];
const MEANS = ['devices: { cems-1: { means: [PT1H] } }'];
const SPARE: LookAlikeCase = { type: 'cement', settings: 'machine: m-fan-a, spare: m-fan-b' };
const IN_ORDER: LookAlikeCase = { type: 'cement', settings: 'device: m-kiln, line: kiln-1, order: R-1' };
const ALL = '[cems-1, m-kiln, m-fan-a, m-fan-b, m-sncr, m-mill, m-mill-bag, m-total, cam-1, gate-1]';

export const LOOK_ALIKE_CASES: Readonly<Record<string, LookAlikeCase>> = {
  'absorber-layer-off': { type: 'cement', settings: 'signal: so2' },
  'air-in-leak': MONITOR,
  'batch-gaps': KILN,
  'batch-recipe': KILN,
  'below-detection': channel('so2'),
  'calibration-spike': channel(),
  'capped-conversion': { ...MONITOR, site: MEANS },
  'captive-generation': KILN,
  'coarse-steps': channel(),
  'component-maintenance': channel(),
  'daily-hours': { type: 'cement', settings: 'line: kiln-1, order: R-1' },
  'damper-opening': MONITOR,
  'dosing-control': channel(),
  'dual-range-switch': { ...channel('so2'), settings: 'device: cems-1, signal: nox' },
  'duplicate-delivery': MONITOR,
  'fan-after-run': KILN,
  'fixed-time-calibration': { ...MONITOR, fromHours: -6 },
  'fuel-change': { type: 'cement', settings: '' },
  'fuel-switch': { type: 'cement', settings: '' },
  'gas-to-other-outlet': MONITOR,
  'gateway-clock-reset': { type: 'cement', settings: 'device: m-kiln' },
  'heating-and-lighting': IN_ORDER,
  'historian-compression': MONITOR,
  'hold-in-back-purge': MONITOR,
  'hot-hold': IN_ORDER,
  'idle-at-zero': { type: 'cement', settings: 'device: cems-1, line: kiln-1' },
  'inverter-drive': { type: 'incinerator', settings: 'machine: m-fan-a' },
  'legal-resending': { type: 'cement', settings: 'device: m-kiln' },
  'load-drop': KILN,
  'logger-holds-last': MONITOR,
  'maintenance-after-odd-reading': channel(),
  'meter-multiplier': { type: 'cement', settings: 'device: m-kiln' },
  'meters-swapped': SPARE,
  'minutes-lost': { type: 'incinerator', settings: 'device: cems-1', site: SHORT_MEANS },
  'near-zero-abatement': { type: 'cement', settings: 'signal: so2' },
  'network-outage': { type: 'cement', settings: `devices: ${ALL}` },
  'new-catalyst': { type: 'cement', settings: '' },
  'night-stop': KILN,
  'on-off-machine': { type: 'cement', settings: 'machine: m-kiln' },
  'order-edges': { type: 'cement', settings: 'line: kiln-1, order: R-1' },
  'other-bases': { ...MONITOR, site: MEANS },
  'other-feeder': { type: 'cement', settings: 'machine: m-kiln' },
  'other-validity-rule': { ...channel(), site: MEANS },
  'power-cut': { type: 'cement', settings: `devices: ${ALL}, line: kiln-1` },
  'pumps-in-order': { type: 'cement', settings: 'device: m-sncr, line: kiln-1, order: R-1' },
  'purge-air': MONITOR,
  'ramped-set-point': KILN,
  'real-recalibration': channel(),
  'round-values': channel(),
  'rounding-order': { ...MONITOR, site: MEANS },
  'sample-skew': { ...channel(), site: MEANS },
  'seasonal-drift': { type: 'cement', settings: 'signal: nox' },
  'shared-stack': MONITOR,
  'slow-analyser': channel(),
  'slow-level': MONITOR,
  'spare-unit': SPARE,
  'start-up-oxygen': KILN,
  'steady-load': { type: 'cement', settings: '' },
  'test-signal': { ...MONITOR, fromHours: -10 },
  'upset-over-range': { type: 'cement', settings: 'signal: nox' },
  'weekend-stop': KILN,
  'wet-basis': MONITOR,
  'whole-number-rounding': channel(),
  'working-from-store': KILN,
  'zero-drift-cut': channel('so2'),
};
