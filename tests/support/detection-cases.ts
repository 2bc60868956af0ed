/** What the rules are scored on: every fault at every strength on some plants, every look-alike, and honest plants. */
import { FAULT_KINDS } from '../../simulators/faults/index.ts';
import { settingsOf, STRENGTHS, type InjectionKind, type Strength } from '../../simulators/faults/fault.ts';
import { LOOK_ALIKE_CASES } from '../../simulators/look-alikes/look-alike.cases.ts';
import { LOOK_ALIKE_KINDS } from '../../simulators/look-alikes/index.ts';
import { PLANT_TYPES } from '../../simulators/plants/index.ts';
import type { DetectionCase } from './detection-score.ts';

/** A Wednesday; days are whole. */
const START = '2026-11-18T00:00:00+08:00';
/** Hours that rules have to learn a plant before something is laid into it, and what is played once all of it was sent. */
const LEAD_HOURS = 31;
const TAIL_HOURS = 5;
/** Longer faults are cut. */
const LONGEST_HOURS = 30;

interface Place {
  readonly type: string;
  /** Settings of the fault as YAML. */
  readonly settings: string;
  /** Further keys of the site. */
  readonly site?: readonly string[];
  /** Further keys of the file. */
  readonly file?: readonly string[];
}

interface Timing {
  readonly start?: string;
  readonly leadHours?: number;
  readonly longestHours?: number;
  /** Longer than the fault says itself. */
  readonly lengthHours?: number;
}

interface Plan extends Timing {
  readonly places: readonly Place[];
}

const cement = (settings: string, more: Partial<Place> = {}): Place => ({ type: 'cement', settings, ...more });
const boiler = (settings: string, more: Partial<Place> = {}): Place => ({ type: 'gas-boiler', settings, ...more });
const burner = (settings: string, more: Partial<Place> = {}): Place => ({ type: 'incinerator', settings, ...more });

/** One channel of three plants. */
const channels: Plan = {
  places: [
    cement('device: cems-1, signal: nox'),
    boiler('device: cems-1, signal: nox'),
    burner('device: cems-1, signal: so2'),
  ],
};
const gases: Plan = { places: [cement('signal: nox'), boiler('signal: nox'), burner('signal: so2')] };
const monitors: Plan = { places: [cement('device: cems-1'), burner('device: cems-1')] };
const meters: Plan = { places: [cement('device: m-kiln'), burner('device: m-lime')] };
const cameras: Plan = { places: [cement('device: cam-1')] };
const ORDER_AT = '+PT24H';
const WHOLE_SITE = 'sites: [plant-a]';
const ONE_LINE = 'lines: [plant-a/kiln-1]';
const order = (id: string, rest: string): string =>
  `orders: [{ id: ${id}, from: ${ORDER_AT}, to: +PT90H, graceMinutes: 120, scope: { ${WHOLE_SITE} }, ${rest} }]`;
const STOP = [order('R-1', 'kind: shutdown')];
const LIMIT = [
  'orders: [{ id: R-1, kind: limit, reducePercent: 40, graceMinutes: 120, from: +PT96H, to: +PT160H, scope: { sites: [plant-a] } }]',
];
const NO_TRUCKS = [order('R-1', 'kind: plan, level: orange')];
const OBEYS = ['obeys: true'];
const cap = (tonnes: number): readonly string[] => [`caps: [{ signal: nox, tonnes: ${String(tonnes)}, per: P1M }]`];
const FIRST_OF_MONTH = '2026-12-01T00:00:00+08:00';

const PLANS: Readonly<Record<string, Plan>> = {
  'falsification-average-mismatch': {
    places: ['cement', 'incinerator'].map((type) => ({
      type,
      settings: 'device: cems-1, signal: nox',
      site: ['devices: { cems-1: { means: [PT1H] } }'],
    })),
  },
  'falsification-backfill': monitors,
  'falsification-clipped': { ...channels, longestHours: 720 },
  'falsification-correlation': { ...channels, leadHours: 96, longestHours: 72 },
  'falsification-digits': { ...channels, longestHours: 48 },
  'falsification-diluted': monitors,
  'falsification-flag-abuse': channels,
  'falsification-frozen': channels,
  'falsification-interpolated': channels,
  'falsification-load-mismatch': { places: [cement('line: kiln-1'), burner('line: furnace-1')] },
  'falsification-meter': meters,
  'falsification-meter-parent': { places: [cement('device: m-total'), burner('device: m-total')] },
  'falsification-meter-phase': meters,
  'falsification-meter-ratio': meters,
  'falsification-oxygen': monitors,
  'falsification-oxygen-low': monitors,
  'falsification-parameter': channels,
  'falsification-pinned': channels,
  'falsification-replay': channels,
  'falsification-rewritten': channels,
  'falsification-scaled': { ...channels, leadHours: 192, longestHours: 96 },
  'falsification-silence': { ...channels, longestHours: 8 },
  'falsification-smooth': { ...channels, longestHours: 48 },
  'falsification-watched-times': { ...gases, longestHours: 1_440 },
  'limit-day': { places: [burner('signal: nox')], leadHours: 24, longestHours: 48 },
  'limit-forecast': { ...gases, leadHours: 31 },
  'limit-hour': gases,
  'limit-near': gases,
  'limit-period': { places: [burner('')] },
  'limit-surge': gases,
  'limit-total': {
    places: [boiler('signal: nox', { site: cap(0.0325) })],
    start: FIRST_OF_MONTH,
    leadHours: 24,
    longestHours: 48,
  },
  'limit-total-forecast': {
    places: [boiler('signal: nox', { site: cap(0.345) })],
    start: FIRST_OF_MONTH,
    leadHours: 48,
    lengthHours: 200,
  },
  'order-contradiction': {
    places: [
      cement('line: kiln-1, order: R-1', { file: STOP, site: OBEYS }),
      burner('line: furnace-1, order: R-1', { file: STOP, site: OBEYS }),
    ],
  },
  'order-early-restart': {
    places: [
      cement('line: kiln-1, order: R-1', { file: STOP, site: OBEYS }),
      boiler('line: boiler-1, order: R-1', { file: STOP, site: OBEYS }),
    ],
  },
  'order-limit': {
    places: [
      boiler('line: boiler-1, order: R-1', { file: LIMIT, site: OBEYS }),
      boiler('line: boiler-1, order: R-1', { file: LIMIT, site: [...OBEYS, 'baselines: { boiler-1: 47 }'] }),
    ],
    leadHours: 98,
    lengthHours: 30,
  },
  'order-shutdown': {
    places: [
      cement('line: kiln-1, order: R-1', { file: STOP, site: OBEYS }),
      boiler('line: boiler-1, order: R-1', { file: STOP, site: OBEYS }),
    ],
    leadHours: 24,
    lengthHours: 6,
  },
  'order-trucks': {
    places: [
      cement('device: gate-1, line: kiln-1, order: R-1', {
        file: NO_TRUCKS,
        site: [...OBEYS, 'plans: { kiln-1: [{ level: orange, measure: no-trucks }] }'],
      }),
    ],
  },
  'order-unproven': {
    places: [cement('devices: [m-mill, m-mill-bag], line: mill-1, order: R-1', { file: STOP, site: OBEYS })],
  },
  'quality-clock': { places: [...cameras.places, ...monitors.places] },
  'quality-clock-behind': { places: [...cameras.places, ...monitors.places] },
  'quality-drift': { ...channels, longestHours: 120 },
  'quality-invalid-hours': { ...monitors, leadHours: 32 },
  'quality-offline': { places: [...monitors.places, ...meters.places, ...cameras.places] },
  'quality-sampling': {
    places: [cement('device: cems-1, signal: probe-temp'), burner('device: cems-1, signal: line-temp')],
  },
  'quality-sampling-cooler': monitors,
  'quality-valid-rate': { places: [boiler('device: cems-1')], leadHours: 2, longestHours: 300 },
  'quality-video': cameras,
  'quality-video-occluded': cameras,
  'quality-video-off': cameras,
  'treatment-bypass': { places: [cement(''), burner('')] },
  'treatment-idle': { places: [cement('machine: m-sncr'), burner('machine: m-lime'), boiler('machine: m-fgr')] },
  'treatment-off': { places: [cement('machine: m-sncr'), burner('machine: m-lime'), boiler('machine: m-fgr')] },
};

interface Laid {
  readonly name: string;
  readonly place: Place;
  /** The list of the site that it is put into, such as `faults: […]`. */
  readonly entry: readonly string[];
  readonly hours: number;
  readonly start?: string;
}

function scenarioOf({ place, entry, hours, start = START }: Laid): string {
  return [
    'version: 1',
    'name: scored',
    'seed: 1',
    `start: ${start}`,
    'backlog: PT1H',
    `ahead: PT${String(Math.ceil(hours))}H`,
    'spread: PT2S',
    'districts: [{ id: north, name: 示例北区分局 }]',
    'sites:',
    '  - id: plant-a',
    '    name: 示例厂',
    `    type: ${place.type}`,
    '    district: north',
    ...[...(place.site ?? []), ...entry].map((line) => `    ${line}`),
    ...(place.file ?? []),
    '',
  ].join('\n');
}

function settingsText(settings: string): string {
  return settings === '' ? '' : `, ${settings}`;
}

export interface CaseChoice {
  readonly seeds: readonly number[];
  /** Ids of rules: faults of others are left out. */
  readonly rules: readonly string[];
  /** Only one plant of each, a small one. */
  readonly isShort?: boolean;
}

function spread(laid: Laid, seeds: readonly number[]): readonly DetectionCase[] {
  return seeds.map((seed) => ({ name: laid.name, text: scenarioOf(laid), seed }));
}

function planOf(id: string): Plan {
  const plan = PLANS[id];
  if (plan === undefined) throw new Error(`no place to lay ${id}`);
  return plan;
}

/** Hours after its end until the last of it is sent. */
function sendingHours(kind: InjectionKind, strength: Strength): number {
  return kind.sendAgain === undefined ? 0 : (settingsOf(kind, strength).delayMinutes ?? 0) / 60;
}

export function faultCases({ seeds, rules, isShort }: CaseChoice): readonly DetectionCase[] {
  return FAULT_KINDS.filter(({ rule }) => rules.includes(rule)).flatMap((kind) => {
    const { id, strengths } = kind;
    const { places, leadHours = LEAD_HOURS, longestHours = LONGEST_HOURS, lengthHours, start } = planOf(id);
    const smallest = places.find(({ type }) => type === 'gas-boiler') ?? places[0];
    const chosen = isShort === true && smallest !== undefined ? [smallest] : places;
    return chosen.flatMap((place, index) =>
      STRENGTHS.flatMap((strength) => {
        const ownHours = (strengths[strength].minutes ?? 60) / 60;
        const length = lengthHours ?? Math.min(ownHours, longestHours);
        const isCut = length !== ownHours;
        const to = isCut ? `, to: +PT${String(leadHours + length)}H` : '';
        const when = `strength: ${strength}, from: +PT${String(leadHours)}H${to}`;
        const laid: Laid = {
          name: `${id} ${strength} ${place.type} ${String(index)}`,
          place,
          entry: [`faults: [{ fault: ${id}, ${when}${settingsText(place.settings)} }]`],
          hours: leadHours + length + sendingHours(kind, strength) + TAIL_HOURS,
          ...(start === undefined ? {} : { start }),
        };
        return spread(laid, seeds);
      }),
    );
  });
}

/** Look-alikes that follow an order of one line to the minute. */
const IN_ORDER: Readonly<Record<string, readonly string[]>> = {
  'daily-hours': [
    order('R-1', 'kind: shutdown, daily: ["22:00", "06:00"]')
      .replace('graceMinutes: 120, ', '')
      .replace(WHOLE_SITE, ONE_LINE),
  ],
  'order-edges': STOP.map((text) => text.replace(WHOLE_SITE, ONE_LINE)),
};
/** What an instrument is by nature, from its first report on. */
const ALWAYS = 'from: -PT1H';
/** Those that come again, or that begin with something else. */
const WHEN: Readonly<Record<string, string>> = {
  'daily-hours': 'from: +PT22H, every: PT24H',
  'night-stop': 'from: +PT22H, every: PT24H',
  'order-edges': 'from: +PT26H, to: +PT90H',
  'seasonal-drift': 'from: start',
  'below-detection': 'from: start',
  'whole-number-rounding': ALWAYS,
  'round-values': ALWAYS,
  'coarse-steps': ALWAYS,
  'zero-drift-cut': 'from: start',
  'near-zero-abatement': 'from: start',
  'dosing-control': 'from: start',
  'test-signal': 'from: start',
  'fixed-time-calibration': 'from: start',
  'meter-multiplier': ALWAYS,
  'slow-analyser': ALWAYS,
};
const LOOK_ALIKE_HOURS = 72;

/** From when to when it is laid; what outlasts the play is cut. */
function spanOf(id: string, minutes: number): string {
  const when = WHEN[id];
  if (when !== undefined) return when;
  const from = `from: +PT${String(LEAD_HOURS)}H`;
  return minutes > LONGEST_HOURS * 60 ? `${from}, to: +PT${String(LEAD_HOURS + LONGEST_HOURS)}H` : from;
}

/** All of them: what resembles a rule that does not exist yet may fool another one. */
export function lookAlikeCases({ seeds }: CaseChoice): readonly DetectionCase[] {
  return LOOK_ALIKE_KINDS.flatMap(({ id, defaults }) => {
    const testCase = LOOK_ALIKE_CASES[id];
    if (testCase === undefined) throw new Error(`no case for ${id}`);
    const { type, settings, site = [] } = testCase;
    const needsOrder = settings.includes('order: R-1');
    // Those that follow an order to the minute do it themselves.
    const others = needsOrder && IN_ORDER[id] === undefined ? OBEYS : [];
    const file = IN_ORDER[id] ?? (needsOrder ? STOP : []);
    const laid: Laid = {
      name: `${id} ${type}`,
      place: { type, settings, site: [...site, ...others], file },
      entry: [`lookAlikes: [{ lookAlike: ${id}, ${spanOf(id, defaults.minutes ?? 0)}${settingsText(settings)} }]`],
      hours: LOOK_ALIKE_HOURS,
    };
    return spread(laid, seeds);
  });
}

const HONEST_HOURS = 96;

/** Every type of plant for some days; some under orders that they obey. */
export function honestCases({ seeds, isShort }: CaseChoice): readonly DetectionCase[] {
  const hours = isShort === true ? 36 : HONEST_HOURS;
  return PLANT_TYPES.flatMap((type) => {
    const laid: Laid = { name: `honest ${type}`, place: { type, settings: '' }, entry: [], hours };
    const obeying: Laid = { ...laid, name: `obeying ${type}`, place: { type, settings: '', site: OBEYS, file: STOP } };
    return [...spread(laid, seeds), ...(isShort === true ? [] : spread(obeying, seeds))];
  });
}
