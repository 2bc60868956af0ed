import { describe, expect, it } from 'vitest';
import { scenarioText } from '../../tests/support/scenario-text.ts';
import { deviceReports, type SentReport } from '../report-stream.ts';
import { parseScenario } from '../scenario.ts';
import { FAULT_KINDS } from './index.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const ORDER = [
  'orders:',
  '  - id: R-1',
  '    kind: shutdown',
  '    from: -PT10H',
  '    to: +PT10H',
  '    scope: { sites: [plant-a] }',
];

interface Case {
  readonly type: 'cement' | 'gas-boiler' | 'incinerator';
  /** Settings as YAML. */
  readonly settings: string;
  /** What may differ: `device.signal`, `device.flags`, `device.ts`, `device.gone`, `device.again`. */
  readonly touches: readonly string[];
  readonly stops?: string;
  /** What differs after the fault as well: registers, and a plant that cools down. */
  readonly lasting?: readonly string[];
}

const KILN = ['so2', 'nox', 'pm', 'o2', 'flow', 'temp', 'humidity', 'velocity', 'pressure', 'mark', 'flags'];
const KILN_RUNS = [
  ...KILN.map((part) => `cems-1.${part}`),
  ...['m-kiln', 'm-fan-a', 'm-sncr'].flatMap((id) => [`${id}.power`, `${id}.energy`]),
  ...['running', 'opacity'].map((part) => `cam-1.${part}`),
];

const KILN_STOP = 'stops: [{ line: kiln-1, from: -PT8H, to: +PT8H }]';

const CASES: Readonly<Record<string, Case>> = {
  'falsification-frozen': { type: 'cement', settings: 'device: cems-1, signal: nox', touches: ['cems-1.nox'] },
  'falsification-rewritten': {
    type: 'gas-boiler',
    settings: 'device: cems-1, signal: nox',
    touches: ['cems-1.again'],
  },
  'limit-day': { type: 'incinerator', settings: 'signal: nox', touches: ['cems-1.nox'] },
  'limit-hour': { type: 'cement', settings: 'signal: so2', touches: ['cems-1.so2'] },
  'limit-period': { type: 'incinerator', settings: 'dropC: 100', touches: ['cems-1.furnace-temp'] },
  'order-early-restart': {
    type: 'cement',
    settings: 'line: kiln-1, order: R-1',
    stops: KILN_STOP,
    touches: KILN_RUNS,
    lasting: KILN_RUNS,
  },
  'order-shutdown': {
    type: 'cement',
    settings: 'line: kiln-1, order: R-1',
    stops: KILN_STOP,
    touches: KILN_RUNS,
    lasting: KILN_RUNS,
  },
  'order-unproven': {
    type: 'cement',
    settings: 'devices: [m-mill, m-mill-bag], line: mill-1, order: R-1',
    touches: ['m-mill.flags', 'm-mill-bag.flags'],
  },
  'quality-clock': { type: 'cement', settings: 'device: cam-1', touches: ['cam-1.ts'] },
  'quality-invalid-hours': { type: 'gas-boiler', settings: 'device: cems-1', touches: ['cems-1.flags'] },
  'quality-offline': { type: 'cement', settings: 'device: m-fan-a', touches: ['m-fan-a.gone'] },
  'treatment-off': {
    type: 'incinerator',
    settings: 'machine: m-lime',
    touches: ['m-lime.power', 'm-lime.energy', 'cems-1.hcl', 'cems-1.so2'],
    lasting: ['m-lime.energy'],
  },
};

function play({ type, stops }: Case, faults: string): ReadonlyMap<string, SentReport> {
  const site = [...(stops === undefined ? [] : [stops]), faults];
  const scenario = parseScenario(scenarioText({ type, site, file: ORDER }), { source: 'test' });
  const span = { fromAt: scenario.startAt - 5 * HOUR_MS, toAt: scenario.startAt + HOUR_MS };
  const sent = new Map<string, SentReport>();
  for (const device of scenario.sites[0]?.devices ?? []) {
    for (const report of deviceReports(scenario, device, span)) {
      sent.set(`${device.id} ${report.at} ${report.report.resent === true ? 'again' : ''}`, report);
    }
  }
  return sent;
}

/** `device.part` of every difference, with when it was sent. */
function differences(
  pristine: ReadonlyMap<string, SentReport>,
  faulty: ReadonlyMap<string, SentReport>,
): readonly { readonly part: string; readonly at: number }[] {
  const found: { part: string; at: number }[] = [];
  for (const [key, { device, at }] of faulty) if (!pristine.has(key)) found.push({ part: `${device}.again`, at });
  for (const [key, { device, report, at }] of pristine) {
    const other = faulty.get(key)?.report;
    const add = (part: string): number => found.push({ part: `${device}.${part}`, at });
    if (other === undefined) {
      add('gone');
      continue;
    }
    for (const signal of Object.keys(report.values)) {
      if (JSON.stringify(report.values[signal]) !== JSON.stringify(other.values[signal])) add(signal);
    }
    for (const part of ['ts', 'flags', 'mark', 'seq', 'period', 'parameters', 'resent'] as const) {
      if (JSON.stringify(report[part]) !== JSON.stringify(other[part])) add(part);
    }
  }
  return found;
}

describe('every fault', () => {
  it('has a case here, and they are sorted', () => {
    const ids = FAULT_KINDS.map(({ id }) => id);
    expect(ids).toEqual(Object.keys(CASES));
    expect(ids).toEqual(ids.toSorted());
  });

  it.each(Object.entries(CASES))('%s changes what it says, while it lasts, and nothing else', (id, testCase) => {
    const pristine = play(testCase, 'faults: []');
    const faulty = play(testCase, `faults: [{ fault: ${id}, from: -PT3H, to: -PT1H, ${testCase.settings} }]`);
    const found = differences(pristine, faulty);
    const parts = new Set(found.map(({ part }) => part));
    expect([...parts].filter((part) => !testCase.touches.includes(part))).toEqual([]);
    expect([...parts].length).toBeGreaterThan(testCase.touches.length / 2);

    const startAt = Date.parse('2026-11-22T15:00:00+08:00');
    const earliest = startAt - 3 * HOUR_MS - 11 * MINUTE_MS;
    const latest = startAt - HOUR_MS + 3 * MINUTE_MS;
    const lasting = testCase.lasting ?? [];
    const outside = found.filter(
      ({ part, at }) => at < earliest || (at > latest && !lasting.includes(part) && !part.endsWith('.again')),
    );
    expect(outside).toEqual([]);
  });
});

describe('values that are sent again', () => {
  it('name the instants of the first sending, are marked resent, and are lower', () => {
    const [, testCase] = Object.entries(CASES).find(([id]) => id === 'falsification-rewritten') ?? [];
    if (testCase === undefined) throw new Error('no case');
    const sent = [
      ...play(
        testCase,
        'faults: [{ fault: falsification-rewritten, device: cems-1, signal: nox, from: -PT3H, to: -PT2H, factor: 0.5 }]',
      ).values(),
    ];
    const again = sent.filter(({ report }) => report.resent === true);
    expect(again).toHaveLength(60);
    for (const { report, at } of again) {
      const first = sent.find((other) => other.device === 'cems-1' && other.report.ts === report.ts);
      expect(first?.report.resent).toBeUndefined();
      expect(report.values['nox']).toBeCloseTo(Number(first?.report.values['nox']) / 2, 0);
      expect(report.values['so2']).toEqual(first?.report.values['so2']);
      expect(at).toBeGreaterThan(first?.at ?? Infinity);
    }
  });
});
