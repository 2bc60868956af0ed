import { describe, expect, it } from 'vitest';
import { deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { recordedContext } from '../../tests/support/recorded-context.ts';
import { findingsOf, replayReports } from '../../tests/support/replay-reports.ts';
import { meter } from './falsification.meter.ts';
import { initialPhaseState, stepPhases, type PhaseSpan, type PhaseState } from './meter-phase.ts';

const RULE = 'falsification.meter';
const REGISTRY = plantRegistry({ line: { production: [{ device: 'm-mill', rated: 400, on: 80 }] } });

/** A mill that has run on three phases from 02:00 on, then whatever the test says from 08:00 on. */
function mill(signals: Readonly<Record<string, string>>): readonly TestReport[] {
  const volts = { 'voltage-a': '228x360 228x120', 'voltage-b': '231x360 231x120', 'voltage-c': '229x360 229x120' };
  const usual = { 'current-a': '300x360', 'current-b': '310x360', 'current-c': '290x360', power: '180x360' };
  const all: Record<string, string> = { ...volts };
  for (const [signal, text] of Object.entries({ ...usual, ...signals })) {
    const before = usual[signal as keyof typeof usual];
    all[signal] = before === undefined || text === before ? text : `${before} ${text}`;
  }
  return deviceReports({ device: 'm-mill', from: '02:00' }, all);
}

interface Row {
  readonly name: string;
  readonly signals: Readonly<Record<string, string>>;
  readonly expected: readonly string[];
}

const BOTH = { 'current-a': '300x120', 'current-b': '310x120', power: '180x120' };

const ROWS: readonly Row[] = [
  {
    name: 'a phase without current for an hour',
    signals: { ...BOTH, 'current-c': '0x60 290x60' },
    expected: ['line-1 m-mill current-c [08:00, 09:00) seen 08:30 closed'],
  },
  {
    name: 'it goes on',
    signals: { ...BOTH, 'current-c': '0.4x120' },
    expected: ['line-1 m-mill current-c [08:00, …) seen 08:30 open'],
  },
  { name: 'half an hour less a minute', signals: { ...BOTH, 'current-c': '0x29 290x91' }, expected: [] },
  {
    name: 'half an hour',
    signals: { ...BOTH, 'current-c': '0x30 290x90' },
    expected: ['line-1 m-mill current-c [08:00, 08:30) seen 08:30 closed'],
  },
  { name: 'two per cent of the largest is a load', signals: { ...BOTH, 'current-c': '6.2x120' }, expected: [] },
  {
    name: 'less than two per cent is none',
    signals: { ...BOTH, 'current-c': '6.1x120' },
    expected: ['line-1 m-mill current-c [08:00, …) seen 08:30 open'],
  },
  {
    name: 'two phases lost',
    signals: { 'current-a': '0x120', 'current-b': '0x120', 'current-c': '290x120', power: '60x120' },
    expected: [
      'line-1 m-mill current-a [08:00, …) seen 08:30 open',
      'line-1 m-mill current-b [08:00, …) seen 08:30 open',
    ],
  },
  {
    name: 'everything off is standstill',
    signals: { 'current-a': '0x120', 'current-b': '0x120', 'current-c': '0x120', power: '0x120' },
    expected: [],
  },
  {
    name: 'idle: the largest is below a tenth of its usual',
    signals: { 'current-a': '20x120', 'current-b': '0x120', 'current-c': '20x120', power: '8x120' },
    expected: [],
  },
  {
    name: 'the voltage went with the current: a fuse',
    signals: { ...BOTH, 'current-c': '0x120', 'voltage-c': '229x360 60x120' },
    expected: [],
  },
  {
    name: 'standstill in between neither ends nor counts',
    signals: {
      'current-a': '300x20 0x60 300x40',
      'current-b': '310x20 0x60 310x40',
      'current-c': '0x20 0x60 0x10 290x30',
      power: '180x20 0x60 180x40',
    },
    expected: ['line-1 m-mill current-c [08:00, 09:30) seen 09:30 closed'],
  },
  {
    name: 'unknown in between neither ends nor counts',
    signals: {
      'current-a': '300x20 _x60 300x40',
      'current-b': '310x20 _x60 310x40',
      'current-c': '0x20 _x60 0x10 290x30',
      power: '180x120',
    },
    expected: ['line-1 m-mill current-c [08:00, 09:30) seen 09:30 closed'],
  },
  {
    name: 'flagged as faulty: unknown',
    signals: { ...BOTH, 'current-c': '0x120!D' },
    expected: [],
  },
  {
    name: 'power without any current',
    signals: { 'current-a': '0x120', 'current-b': '0x120', 'current-c': '0x120', power: '180x120' },
    expected: ['line-1 m-mill power [08:00, …) seen 08:30 open'],
  },
];

describe(`${RULE}: voltage without current`, () => {
  it.each(ROWS)('$name', ({ signals, expected }) => {
    expect(spansOf(replayReports(REGISTRY, mill(signals)), RULE)).toEqual(expected);
  });

  it('says the numbers it rests on', () => {
    const result = replayReports(REGISTRY, mill({ ...BOTH, 'current-c': '2x60 290x60' }));
    const [finding] = findingsOf(result, RULE);
    expect(finding?.evidence).toMatchObject({
      kind: 'phase',
      device: 'm-mill',
      signal: 'current-c',
      since: rfc3339('08:00'),
      minutes: 60,
      neededMinutes: 30,
      currentA: 2,
      largestA: 310,
      voltageV: 229,
    });
    expect(finding?.severity).toBe('medium');
    const said = ['08:00', 'm-mill', '2 A', '310 A', '229 V', '93.5', '60'];
    expect(finding === undefined ? ['nothing found'] : wordProblems(finding, said)).toEqual([]);
    const [bare] = findingsOf(
      replayReports(
        REGISTRY,
        mill({ 'current-a': '0x120', 'current-b': '0x120', 'current-c': '0x120', power: '180x120' }),
      ),
      RULE,
    );
    expect(bare === undefined ? ['nothing found'] : wordProblems(bare, ['180', '08:00'])).toEqual([]);
  });

  it('a single-phase meter, and one that measures two phases', () => {
    const one = deviceReports({ device: 'm-mill', from: '02:00' }, { 'current-a': '30x480', 'voltage-a': '228x480' });
    const two = deviceReports(
      { device: 'm-mill', from: '02:00' },
      {
        'current-a': '30x480',
        'current-b': '0x480',
        'current-c': '31x480',
        'voltage-a': '228x480',
        'voltage-b': '228x480',
        'voltage-c': '228x480',
      },
    );
    expect([...spansOf(replayReports(REGISTRY, one), RULE), ...spansOf(replayReports(REGISTRY, two), RULE)]).toEqual(
      [],
    );
  });
});

const MINUTE = 60_000;
const SUBJECTS = {
  subjects: {
    phases: [
      { device: 'm', signal: 'current-a' },
      { device: 'm', signal: 'current-b' },
      { device: 'm', signal: 'current-c' },
    ],
    power: { device: 'm', signal: 'power' },
  },
} as const;

interface Driven {
  readonly starts: () => readonly string[];
  run(minutes: number, currents: [number, number, number]): void;
  forget(): void;
}

function drive(): Driven {
  const { context, drafts } = recordedContext(meter);
  let state: PhaseState = initialPhaseState();
  let now = Date.parse('2026-11-22T00:00:00+08:00');
  return {
    starts: () => [...new Set(drafts.map(({ startAt, subject }) => `${subject.signal ?? ''} ${rfc3339(startAt)}`))],
    run(minutes, currents) {
      for (let minute = 0; minute < minutes; minute += 1) {
        const end = now + MINUTE;
        const span: PhaseSpan = { start: now, end, at: end, powerKw: 100, currents, voltages: [230, 230, 230] };
        stepPhases(state, span, context, SUBJECTS.subjects);
        now += MINUTE;
      }
    },
    forget() {
      state = JSON.parse(JSON.stringify(state)) as PhaseState;
    },
  };
}

describe('what a phase usually carries', () => {
  it('a fan on one phase that switches by itself is no loss of a phase', () => {
    const driven = drive();
    for (let day = 0; day < 60; day += 1) {
      driven.run(40, [50, 48, 20]);
      driven.run(45, [50, 48, 0]);
    }
    expect(driven.starts()).toEqual([]);
  });

  it('before half a shift is known nothing is said', () => {
    const driven = drive();
    driven.run(200, [50, 48, 49]);
    driven.run(35, [50, 48, 0]);
    expect(driven.starts()).toEqual([]);
  });

  it('a loss each night is found each night', () => {
    const driven = drive();
    for (let day = 0; day < 10; day += 1) {
      driven.run(16 * 60, [50, 48, 49]);
      driven.run(8 * 60, [50, 48, 0]);
    }
    expect(driven.starts()).toHaveLength(10);
  });

  it('a loss of weeks is not forgotten into innocence', () => {
    const driven = drive();
    driven.run(2 * 24 * 60, [50, 48, 49]);
    driven.run(30 * 24 * 60, [50, 48, 0]);
    driven.run(60, [50, 48, 49]);
    expect(driven.starts()).toEqual(['current-c 2026-11-24T00:00:00+08:00']);
  });

  it('its state survives being put away as text', () => {
    const driven = drive();
    driven.run(300, [50, 48, 49]);
    driven.run(20, [50, 48, 0]);
    driven.forget();
    driven.run(20, [50, 48, 0]);
    expect(driven.starts()).toEqual(['current-c 2026-11-22T05:00:00+08:00']);
  });
});
