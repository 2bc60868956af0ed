import { describe, expect, it } from 'vitest';
import { play } from '../../tests/support/scenario-differences.ts';
import type { SentReport } from '../report-stream.ts';
import { LOOK_ALIKE_CASES } from './look-alike.cases.ts';

const METERED = [
  'captive-generation',
  'heating-and-lighting',
  'hot-hold',
  'on-off-machine',
  'other-feeder',
  'pumps-in-order',
  'spare-unit',
  'steady-load',
];
/** Below this a meter behind its transformers may show no current. */
const IDLE_KW = 10;

interface Energy {
  readonly meter: string;
  /** What the register counted, and what power and what volts times amperes make of the same minutes. */
  readonly registerKwh: number;
  readonly powerKwh: number;
  readonly apparentKvah: number;
}

const numberAt = ({ report }: SentReport, signal: string): number => {
  const value = report.values[signal];
  if (typeof value !== 'number') throw new TypeError(`${signal} is no number`);
  return value;
};

const apparentKva = (sent: SentReport): number =>
  ['a', 'b', 'c']
    .map((phase) => numberAt(sent, `voltage-${phase}`) * numberAt(sent, `current-${phase}`))
    .reduce((sum, voltAmperes) => sum + voltAmperes / 1_000, 0);

function energyOf(meter: string, sent: readonly SentReport[]): Energy {
  const [first, last] = [sent[0], sent.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`${meter} says nothing`);
  const hours = (quantity: (one: SentReport) => number): number =>
    sent.slice(0, -1).reduce((sum, one) => sum + quantity(one) / 60, 0);
  return {
    meter,
    registerKwh: numberAt(last, 'energy') - numberAt(first, 'energy'),
    powerKwh: hours((one) => numberAt(one, 'power')),
    apparentKvah: hours(apparentKva),
  };
}

/** Two hours in the midst of it. */
function energiesWith(id: string): readonly Energy[] {
  const testCase = LOOK_ALIKE_CASES[id];
  if (testCase === undefined) throw new Error(`no case for ${id}`);
  const settings = testCase.settings === '' ? '' : `, ${testCase.settings}`;
  const site = [`lookAlikes: [{ lookAlike: ${id}, from: -PT3H, to: +PT3H${settings} }]`];
  const sent = [...play({ type: testCase.type, site, devices: /^m-/, fromHours: -2, toHours: 0 }).values()];
  const meters = [...new Set(sent.map(({ device }) => device))];
  return meters.map((meter) =>
    energyOf(
      meter,
      sent.filter(({ device }) => device === meter),
    ),
  );
}

describe('a meter beside a look-alike of power', () => {
  it.each(METERED)('%s: register, power and currents tell the same', (id) => {
    const energies = energiesWith(id);
    expect(energies.length).toBeGreaterThan(5);
    for (const { meter, registerKwh, powerKwh, apparentKvah } of energies) {
      expect(Math.abs(registerKwh - powerKwh), `${meter}: register`).toBeLessThan(0.01 * powerKwh + 0.05);
      if (powerKwh < 2 * IDLE_KW) continue;
      expect(powerKwh / apparentKvah, `${meter}: power factor`).toBeGreaterThan(0.7);
      expect(powerKwh / apparentKvah, `${meter}: power factor`).toBeLessThanOrEqual(1);
    }
  });
});
