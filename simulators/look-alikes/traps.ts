/**
 * Where honest plants and devices look like cheats: one trap for each thing that is known to have fooled a detector,
 * by the pattern of falsification that it resembles.
 */
export const TRAPS = {
  frozen: [
    'plant idle at true zero',
    'reporting below detection',
    'integer rounding',
    'analyser hold during calibration or back-purge',
    'last value held by the logger',
  ],
  pinned: ['genuine over-range in an upset', 'dual range switching', 'negative zero drift cut at zero'],
  clipped: ['closed-loop control to a set-point', 'rounding to round values', 'cap by rule'],
  smooth: ['steady base load', 'long averaging of the analyser', 'abatement near zero'],
  interpolated: ['slow level', 'ramped set-point', 'compression by the historian'],
  replay: ['batch recipe', 'weekend', 'night idle', 'on-off machine', 'test signal'],
  scaled: ['real recalibration', 'fuel change', 'catalyst change', 'seasonal drift'],
  oxygen: ['start-up and stop drive oxygen to that of air', 'air in-leak', 'wet and dry basis'],
  diluted: ['damper opening', 'purge air', 'load drop'],
  'flag-abuse': ['maintenance caused by odd readings', 'calibration gas as a spike', 'fixed-time calibration'],
  silence: ['network outage of many sites', 'power cut that hits production too'],
  'load-mismatch': [
    'storage',
    'shared stack',
    'gas to another outlet',
    'captive generation',
    'meter on another feeder',
  ],
  treatment: [
    'pre-start and after-run of fans',
    'spare unit running instead',
    'batch gaps',
    'meters swapped',
    'inverter drive',
  ],
  order: [
    'unit that may not cool down',
    'heating and lighting',
    'pumps',
    'begin and end of an order',
    'time zone of daily hours',
  ],
  digits: ['multiplier of the meter', 'coarse steps'],
  correlation: ['fuel switch', 'one absorber layer off', 'maintenance of one component'],
  'average-mismatch': [
    'other validity rule',
    'clock skew of one sample',
    'wet, dry and converted bases',
    'order of rounding',
    'minutes lost on the way',
  ],
  backfill: ['legal re-transmission after an outage', 'gateway clock reset', 'duplicated delivery'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Pattern = keyof typeof TRAPS;
/** `pattern: trap`. */
export type TrapId = { [P in Pattern]: `${P}: ${(typeof TRAPS)[P][number]}` }[Pattern];

export const TRAP_IDS: readonly string[] = Object.entries(TRAPS).flatMap(([pattern, traps]) =>
  traps.map((trap) => `${pattern}: ${trap}`),
);
