import { describe, expect, it } from 'vitest';
import { rfc3339, moment } from '../../tests/support/local-moment.ts';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { createRandom } from '../../tests/support/seeded-random.ts';
import { addPower } from './energy-sum.ts';
import { meter } from './falsification.meter.ts';
import type { Draft } from './rule.ts';
import { initialRegisterState, readRegister, type RegisterState } from './meter-register.ts';

const MINUTE = 60_000;
const FACTS = { subject: { device: 'm', signal: 'energy' }, ctRatio: undefined, isServiced: false };

interface Drive {
  /** kW by minute since 08:00. */
  readonly power: (minute: number) => number;
  /** kW that the register counts; absent: those. */
  readonly counted?: (minute: number) => number;
  /** Minutes between two values of power, and of the register. */
  readonly every?: number;
  readonly registerEvery?: number;
  readonly hours: number;
  readonly stepKwh?: number;
  readonly startKwh?: number;
  /** Minutes in which no power was told. */
  readonly isSilent?: (minute: number) => boolean;
  readonly putAwayAt?: number;
}

const clock = (at: number): string => rfc3339(at).slice(11, 16);

/** Each finding as it was told last. */
function lines(drafts: readonly Draft[]): readonly string[] {
  const last = new Map(drafts.map((draft) => [draft.startAt, draft]));
  return [...last.values()].map(
    ({ startAt, endAt, detectedAt, state }) =>
      `[${clock(startAt)}, ${endAt === null ? '…' : clock(endAt)}) seen ${clock(detectedAt)} ${state}`,
  );
}

const PLAIN = { every: 1, stepKwh: 0.01, startKwh: 12_345.67, counted: undefined };

/** What the rule says of a meter that sends instants: `[start, end)` as clock times, closed or open. */
function found(drive: Drive): readonly string[] {
  const { every, registerEvery, counted, stepKwh, startKwh } = { ...PLAIN, registerEvery: drive.every ?? 1, ...drive };
  const { context, drafts } = recordedContext(meter);
  let state: RegisterState = initialRegisterState();
  const from = moment('08:00');
  let kWh = startKwh;
  for (let minute = 0; minute <= 60 * drive.hours; minute += 1) {
    const at = from + minute * MINUTE;
    if (minute === drive.putAwayAt) state = JSON.parse(JSON.stringify(state)) as RegisterState;
    const start = minute - every;
    if (minute > 0 && minute % every === 0 && drive.isSilent?.(start) !== true)
      addPower(state.sum, { start: at - every * MINUTE, end: at, isPeriod: false }, drive.power(start));
    if (minute % registerEvery === 0)
      readRegister(state, { kWh: Number((Math.floor(kWh / stepKwh) * stepKwh).toFixed(4)), at }, context, FACTS);
    kWh += (counted ?? drive.power)(minute) / 60;
  }
  return lines(drafts);
}

const steady = (kW: number) => (): number => kW;
const during = (from: number, to: number, inside: number, outside: number) => (minute: number) =>
  minute >= from && minute < to ? inside : outside;

interface Row {
  readonly name: string;
  readonly drive: Drive;
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'they agree', drive: { power: steady(300), hours: 6 }, expected: [] },
  {
    name: 'the power is told as seven tenths from 10:00 on',
    drive: { power: during(120, 999, 210, 300), counted: steady(300), hours: 6 },
    expected: ['[10:00, …) seen 12:00 open'],
  },
  {
    name: 'for three hours',
    drive: { power: during(120, 300, 210, 300), counted: steady(300), hours: 7 },
    expected: ['[10:00, 13:00) seen 12:00 closed'],
  },
  {
    name: 'one hour is not enough',
    drive: { power: during(120, 180, 210, 300), counted: steady(300), hours: 7 },
    expected: [],
  },
  {
    name: 'five per cent is an error of measurement',
    drive: { power: steady(300), counted: steady(285.5), hours: 6 },
    expected: [],
  },
  {
    name: 'six per cent is not',
    drive: { power: steady(300), counted: steady(281), hours: 3 },
    expected: ['[08:00, …) seen 10:00 open'],
  },
  {
    name: 'the register stands still while power is drawn',
    drive: { power: steady(300), counted: during(120, 999, 0, 300), hours: 6 },
    expected: ['[10:00, …) seen 12:00 open'],
  },
  {
    name: 'no power is told while the register grows',
    drive: { power: steady(0), counted: steady(40), hours: 4 },
    expected: ['[08:00, …) seen 10:00 open'],
  },
  {
    name: 'one too high, the next too low: a register that is read late',
    drive: { power: steady(300), counted: (minute) => (Math.floor(minute / 60) % 2 === 0 ? 260 : 340), hours: 8 },
    expected: [],
  },
  {
    name: 'within a kWh an hour nothing is said',
    drive: { power: steady(3), counted: steady(2.1), hours: 8 },
    expected: [],
  },
  {
    name: 'standby of a large meter',
    drive: { power: during(0, 300, 400, 0), counted: during(0, 300, 400, 5), hours: 12 },
    expected: [],
  },
  {
    name: 'the same as the whole of what is drawn is not standby',
    drive: { power: during(0, 300, 400, 0), counted: during(0, 300, 400, 60), hours: 9 },
    expected: ['[13:00, …) seen 15:00 open'],
  },
  {
    name: 'a register of 20 kWh steps at 35 kW',
    drive: { power: steady(35), stepKwh: 20, startKwh: 12_340, hours: 24 },
    expected: [],
  },
  {
    name: 'a register once an hour',
    drive: { power: steady(210), counted: steady(300), registerEvery: 60, hours: 5 },
    expected: ['[08:00, …) seen 10:00 open'],
  },
  {
    name: 'quarters of an hour at odd minutes',
    drive: { power: steady(210), counted: steady(300), every: 15, hours: 6 },
    expected: ['[08:00, …) seen 10:00 open'],
  },
  {
    name: 'five minutes without power are no difference',
    drive: { power: steady(300), isSilent: (minute) => minute % 60 < 5, hours: 6 },
    expected: [],
  },
  {
    name: 'ten minutes without power: not judged',
    drive: { power: steady(210), counted: steady(300), isSilent: (minute) => minute % 60 < 10, hours: 6 },
    expected: [],
  },
  {
    name: 'an hour that is not judged neither ends nor counts',
    drive: {
      power: steady(210),
      counted: steady(300),
      isSilent: (minute) => minute >= 60 && minute < 90,
      hours: 4,
    },
    expected: ['[08:00, …) seen 11:00 open'],
  },
  {
    name: 'regained energy is not judged',
    drive: {
      power: (minute) => (minute % 10 < 5 ? 300 : -100),
      counted: (minute) => (minute % 10 < 5 ? 300 : 0),
      hours: 6,
    },
    expected: [],
  },
  {
    name: 'put away as text in the middle',
    drive: { power: steady(210), counted: steady(300), hours: 3, putAwayAt: 95 },
    expected: ['[08:00, …) seen 10:00 open'],
  },
  {
    name: 'a ramp of two hours, sampled each quarter',
    drive: { power: (minute) => 100 + 3 * Math.min(minute, 120), every: 15, hours: 6 },
    expected: [],
  },
];

describe('falsification.meter: register against power', () => {
  it.each(ROWS)('$name', ({ drive, expected }) => {
    expect(found(drive)).toEqual(expected);
  });

  it('a load that swings between two samples is not blamed in a hundred days', () => {
    const random = createRandom(7);
    // On and off within the minute: each sample sees one or the other, the register the mean of both.
    const told = Array.from({ length: 100 * 1_440 + 1 }, () => (random.below(2) === 0 ? 400 : 20));
    expect(found({ power: (minute) => told[minute] ?? 0, counted: steady(210), hours: 2_400 })).toEqual([]);
  });

  it('and is found where it is told as half', () => {
    const random = createRandom(8);
    const told = Array.from({ length: 3_000 }, () => (random.below(2) === 0 ? 200 : 10));
    expect(found({ power: (minute) => told[minute] ?? 0, counted: steady(210), hours: 24 })).toEqual([
      '[08:00, …) seen 10:00 open',
    ]);
  });

  it('a furnace that goes on and off each quarter of an hour, sampled by the minute', () => {
    const power = (minute: number): number => (Math.floor(minute / 14) % 2 === 0 ? 500 : 30);
    // The register follows half a minute later than the samples.
    const counted = (minute: number): number => (power(minute) + power(minute + 1)) / 2;
    expect(found({ power, counted, hours: 500 })).toEqual([]);
  });
});

describe('falsification.meter: register backwards', () => {
  const backwards = (values: readonly number[], serviced = false, ctRatio?: number): readonly string[] => {
    const { context, drafts } = recordedContext(meter);
    let state: RegisterState = initialRegisterState();
    values.forEach((kWh, index) => {
      const at = moment('08:00') + index * MINUTE;
      readRegister(state, { kWh, at }, context, { ...FACTS, ctRatio, isServiced: serviced });
      state = JSON.parse(JSON.stringify(state)) as RegisterState;
    });
    const last = new Map(drafts.map((draft) => [draft.startAt, draft]));
    return [...last.values()].map(
      ({ startAt, endAt, detectedAt, evidence }) =>
        `[${clock(startAt)}, ${endAt === null ? '…' : clock(endAt)}) seen ${clock(detectedAt)} lost ${String(Math.round(Number(evidence['lostKwh'])))}`,
    );
  };

  it.each([
    ['set back once', [5012.3, 5017.4, 4000.1, 4005.2, 4010.3], ['[08:02, 08:03) seen 08:03 lost 1017']],
    ['set back while the machine stands', [5012.3, 5017.4, 4000.1, 4000.1], ['[08:02, …) seen 08:03 lost 1017']],
    ['running backwards', [5012.3, 5017.4, 5015.1, 5012.2, 5010.1, 5011], ['[08:03, 08:05) seen 08:04 lost 5']],
    ['one wrong value after a restart', [5012.3, 5017.4, 0, 5022.5, 5027.6], []],
    ['one value too high', [5012.3, 5017.4, 99_999.9, 5022.5, 5027.6], []],
    ['half a kWh is the gateway counting for itself', [5012.3, 5017.4, 5016.9, 5017.9], []],
    ['a register that rolls over', [99_990.3, 99_995.4, 0.5, 5.6, 10.7], []],
    ['the last value alone decides nothing', [5012.3, 5017.4, 4000.1], []],
  ])('%s', (_name, values, expected) => {
    expect(backwards(values)).toEqual(expected);
  });

  it('an exchange that was declared', () => {
    expect(backwards([5012.3, 5017.4, 0, 5.1, 10.2], true)).toEqual([]);
  });

  it('behind transformers it rolls over at a multiple of their ratio', () => {
    const values = [1_999_990, 1_999_996, 2, 8, 14];
    expect([backwards(values, false, 200), backwards(values)]).toEqual([
      [],
      ['[08:02, 08:03) seen 08:03 lost 1999994'],
    ]);
  });

  it('power over a fall is compared with nothing', () => {
    const { context, drafts } = recordedContext(meter);
    const state = initialRegisterState();
    let kWh = 50_000.1;
    for (let minute = 0; minute <= 360; minute += 1) {
      const at = moment('08:00') + minute * MINUTE;
      if (minute > 0) addPower(state.sum, { start: at - MINUTE, end: at, isPeriod: false }, 120);
      if (minute === 90) kWh = 40_000.3;
      readRegister(state, { kWh: Number(kWh.toFixed(2)), at }, context, FACTS);
      kWh += 2;
    }
    expect(drafts.map(({ evidence }) => evidence['form'])).toEqual(['backwards']);
  });
});
