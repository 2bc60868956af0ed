/** Random hours of a small plant for laws that hold for every stream: a stack, a production and a treatment meter. */
import fc from 'fast-check';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { deviceReports, declaredMark, type TestReport } from './device-reports.ts';
import { moment, rfc3339 } from './local-moment.ts';
import { plantRegistry } from './plant-registry.ts';

/** The day that streams begin on. */
export const STREAM_DAY = moment('2026-03-10');
const EVERY = 'PT5M';
const STEP_MS = 5 * MINUTE_MS;
const STEPS = 60;

/** Registry of the streams, every instant in it moved by whole days. */
export function streamRegistry(days = 0): string {
  const at = (clock: string): string => rfc3339(moment(`2026-03-10 ${clock}`) + days * DAY_MS);
  return plantRegistry({
    every: EVERY,
    outlet: {
      o2Reference: 10,
      limits: [
        { signal: 'nox', max: 100, average: 'PT1H', to: at('11:00') },
        { signal: 'nox', max: 80, average: 'PT1H', from: at('11:00') },
        { signal: 'nox', max: 90, average: 'P1D' },
        { signal: 'so2', max: 35, average: 'PT2H' },
        { signal: 'temp', min: 80, average: 'PT15M', allow: { count: 1, per: 'P1D' } },
      ],
    },
    line: {
      production: [{ device: 'm-kiln', on: 100 }],
      treatment: [{ device: 'm-fan', on: 20 }],
    },
    marks: [{ site: 'plant', outlet: 'stack', state: 'start-up', from: at('08:00'), to: at('08:20') }],
    orders: [
      {
        id: 'R-1',
        kind: 'shutdown',
        from: at('10:00'),
        to: at('12:00'),
        graceMinutes: 15,
        scope: { sites: ['plant'] },
      },
    ],
  });
}

/** Runs of one value, of gaps, of flagged values, as series text of a fixed length. */
function runs(values: readonly string[]): fc.Arbitrary<string> {
  const part = fc.tuple(fc.constantFrom(...values), fc.integer({ min: 1, max: 24 })).map(([value, count]) => {
    const [number = '', flag] = value.split('!');
    return `${number}x${String(count)}${flag === undefined ? '' : `!${flag}`}`;
  });
  return fc.array(part, { minLength: 2, maxLength: 9 }).map((parts) => parts.join(' '));
}

/** Without the last steps where a series is longer than the stream. */
const within = (reports: readonly TestReport[], from: number): readonly TestReport[] =>
  reports.filter(({ report }) => Date.parse(report.ts) < from + STEPS * STEP_MS);

/** How many reports the last word is made of. */
export const EPILOGUE = 3;

/** A last word of every device, a day and more after the rest, so that whatever can be judged has been. */
function epilogue(from: number): readonly TestReport[] {
  const at = from + 30 * 60 * MINUTE_MS;
  return [
    ...deviceReports({ device: 'm-kiln', from: at, every: EVERY }, { power: '0' }),
    ...deviceReports({ device: 'm-fan', from: at, every: EVERY }, { power: '0' }),
    ...deviceReports({ device: 'cems-1', from: at, every: EVERY }, { temp: '90' }),
  ];
}

export interface PlantStream {
  readonly stack: Readonly<Record<'nox' | 'so2' | 'o2' | 'temp', string>>;
  readonly kiln: string;
  readonly fan: string;
  /** Minutes after 08:00 at which the stack monitor is calibrated for a quarter of an hour. */
  readonly calibratedAt: number;
}

export const plantStream: fc.Arbitrary<PlantStream> = fc.record({
  stack: fc.record({
    nox: runs(['40', '70', '95', '130', '260', '_', '999!C', '150!T']),
    so2: runs(['10', '33', '50', '_']),
    o2: runs(['9', '12', '20.8', '_', '9!M']),
    temp: runs(['90', '75', '80', '_']),
  }),
  kiln: runs(['500', '520', '0', '_', '99', '100']),
  fan: runs(['50', '0', '_', '20', '19']),
  calibratedAt: fc.integer({ min: 0, max: 280 }),
});

/** The reports of a stream in the order of their devices, moved by whole days. */
export function streamReports(stream: PlantStream, days = 0): readonly TestReport[] {
  const from = moment('2026-03-10 08:00') + days * DAY_MS;
  const calibration = from + stream.calibratedAt * MINUTE_MS + 30_000;
  const mark = { device: 'cems-1', state: 'calibration', from: calibration, until: calibration + 15 * MINUTE_MS };
  return [
    ...within(deviceReports({ device: 'm-kiln', from, every: EVERY }, { power: stream.kiln }), from),
    ...within(deviceReports({ device: 'm-fan', from, every: EVERY }, { power: stream.fan }), from),
    ...within(deviceReports({ device: 'cems-1', from, every: EVERY }, stream.stack), from),
    declaredMark(mark),
    ...epilogue(from),
  ];
}
