/** What honest plants do at the ends of their ranges: `falsification.pinned` stays silent. */
import { describe, expect, it } from 'vitest';
import { deviceReports, declaredMark, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf } from '../../tests/support/finding-spans.ts';
import { plantRegistry, type PlantOptions } from '../../tests/support/plant-registry.ts';
import { replayReports } from '../../tests/support/replay-reports.ts';
import { countAway, initialFloorHabit, learnFloorRun, neededAtFloor, type FloorHabit } from './floor-habit.ts';
import { pinned } from './falsification.pinned.ts';
import type { RuleContext } from './rule.ts';

const STACK = { ranges: { so2: [0, 100] as [number, number] }, resolution: { so2: 1 } };
const MILL = { production: [{ device: 'm-mill', on: 200 }] };
const LIVELY = '30+0.2x60';
const MINUTE_MS = 60_000;

const so2 = (text: string): readonly TestReport[] => deviceReports({ device: 'cems-1', from: '07:00' }, { so2: text });
const mill = (power: string): readonly TestReport[] => deviceReports({ device: 'm-mill', from: '07:00' }, { power });
const repeat = (text: string, times: number): string => Array.from({ length: times }, () => text).join(' ');

interface Row {
  readonly name: string;
  readonly plant?: PlantOptions;
  readonly reports: readonly TestReport[];
  readonly expected: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'at the bottom from the first value on', reports: so2('0x300'), expected: [] },
  { name: 'less than an hour off the bottom is no history', reports: so2('30+0.2x59 0x300'), expected: [] },
  {
    name: 'clean gas that is at the floor half of the time is never judged there',
    reports: so2(`${repeat('0x20 2x3 1x15 4x8', 20)} 0x400`),
    expected: [],
  },
  {
    name: 'a channel that drops to zero for a few minutes now and then needs far longer: an hour and two minutes',
    reports: so2(`${repeat('20+1x50 0x5', 12)} 0x56 20x5`),
    expected: [],
  },
  {
    name: 'but not for ever',
    reports: so2(`${repeat('20+1x50 0x5', 12)} 0x300 20x5`),
    expected: ['stack cems-1 so2 [17:55, 23:00) seen 18:57 closed'],
  },
  {
    name: 'a single dip in an hour costs minutes only',
    reports: so2(`${LIVELY} 0 ${LIVELY} 0x30 20x5`),
    expected: ['stack cems-1 so2 [09:01, 09:31) seen 09:14 closed'],
  },
  {
    name: 'twice as long as ever before is needed',
    reports: so2(`${LIVELY} 0x9 30+0.1x600 0x17 20x5`),
    expected: [],
  },
  {
    name: 'what was found three times is the habit of the channel',
    reports: so2(`${LIVELY} ${repeat(`0x30 ${LIVELY}`, 5)}`),
    expected: [
      'stack cems-1 so2 [08:00, 08:30) seen 08:10 closed',
      'stack cems-1 so2 [09:30, 10:00) seen 09:40 closed',
      'stack cems-1 so2 [11:00, 11:30) seen 11:10 closed',
    ],
  },
  {
    name: 'an upset over the range for minutes, again and again',
    reports: so2(`${LIVELY} ${repeat('100x8!T 60x4', 10)} ${LIVELY}`),
    expected: [],
  },
  {
    name: 'an analyser with a second range shows values far above the first',
    reports: so2(`${LIVELY} 150+2x20 99x30 ${LIVELY}`),
    expected: [],
  },
  {
    name: 'a spike far above the range proves nothing',
    reports: so2(`${LIVELY} 900x2 99x30 20x5`),
    expected: ['stack cems-1 so2 [08:02, 08:32) seen 08:12 closed'],
  },
  {
    name: 'the plant stands',
    plant: { line: MILL },
    reports: [...so2(`${LIVELY} 0x120`), ...mill('300x60 3x120')],
    expected: [],
  },
  {
    name: 'a stack that holds air has no gas, whatever the meters say',
    plant: { line: MILL },
    reports: [
      ...deviceReports({ device: 'cems-1', from: '07:00' }, { so2: `${LIVELY} 0x120`, o2: '9+0.01x60 20.7x120' }),
      ...mill('300x180'),
    ],
    expected: [],
  },
  {
    name: 'gas that does not flow is not measured: the flow alone is told',
    plant: { line: MILL },
    reports: [
      ...deviceReports({ device: 'cems-1', from: '07:00' }, { so2: `${LIVELY} 0x30`, flow: '90000+9x60 0x30' }),
      ...mill('300x90'),
    ],
    expected: ['stack cems-1 flow [08:00, …) seen 08:10 open'],
  },
  {
    name: 'without meters a flow of zero says that the plant stands',
    reports: deviceReports({ device: 'cems-1', from: '07:00' }, { so2: `${LIVELY} 0x30`, flow: '90000+9x60 0x30' }),
    expected: [],
  },
  {
    name: 'a declared start-up is unknown time',
    reports: [
      ...so2(`${LIVELY} 100x40!T 0x20 ${LIVELY}`),
      declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', until: '09:00' }),
    ],
    expected: [],
  },
  {
    name: 'a start-up that is declared late does not excuse',
    reports: [
      ...so2(`${LIVELY} 100x40!T ${LIVELY}`),
      declaredMark({ device: 'cems-1', state: 'start-up', from: '08:00', until: '08:40', received: '09:30' }),
    ],
    expected: ['stack cems-1 so2 [08:00, 08:40) seen 08:10 closed'],
  },
];

describe('the ends of a range at honest plants', () => {
  it.each(ROWS)('$name', ({ plant, reports, expected }) => {
    const registry = plantRegistry({ outlet: STACK, ...plant });
    expect(spansOf(replayReports(registry, reports), 'falsification.pinned')).toEqual(expected);
  });
});

const defaults = new Map(pinned.parameters.map((parameter) => [parameter.name, parameter.default]));
const context: RuleContext = {
  site: 'plant',
  time: undefined as unknown as RuleContext['time'],
  parameter: (name) => defaults.get(name) ?? Number.NaN,
  emit: () => undefined,
};

function minutesNeeded(habit: FloorHabit): number | undefined {
  const needed = neededAtFloor(habit, MINUTE_MS, 10 * MINUTE_MS, context);
  return needed === undefined ? undefined : needed / MINUTE_MS;
}

function awayFor(minutes: number): FloorHabit {
  const habit = initialFloorHabit();
  for (let index = 0; index < minutes; index += 1) countAway(habit, MINUTE_MS);
  return habit;
}

describe('the habit at the floor', () => {
  it('is unknown within the first hour, and the least of any channel after it', () => {
    expect([minutesNeeded(awayFor(59)), minutesNeeded(awayFor(60))]).toEqual([undefined, 10]);
  });

  it('grows with what the channel does there, and ends where it is usual', () => {
    const habit = awayFor(600);
    const needed = [minutesNeeded(habit)];
    for (const run of [1, 5, 40]) {
      learnFloorRun(habit, run * MINUTE_MS, run, false);
      needed.push(minutesNeeded(habit));
    }
    learnFloorRun(habit, 120 * MINUTE_MS, 120, false);
    // One run of one value in 600: 1440 × 0.00377 runs a day, each value stays with 0.415 at most: 1 + ln(5430) / 0.88.
    expect(needed).toEqual([10, 11, 43, 227]);
    expect(minutesNeeded(habit)).toBeUndefined();
  });

  it('forgets slowly', () => {
    const habit = awayFor(49_000);
    learnFloorRun(habit, 40 * MINUTE_MS, 40, false);
    for (let index = 0; index < 1_000; index += 1) countAway(habit, MINUTE_MS);
    expect(habit).toMatchObject({ there: 20, runs: 0.5, longest: { longestMs: 30 * MINUTE_MS } });
  });
});
