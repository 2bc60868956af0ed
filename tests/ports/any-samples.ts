/** Samples as a detector makes them, in any order and more than once, with questions about them. */
import * as fc from 'fast-check';
import type { Sample } from '../../contracts/ports/detection-store.ts';
import type { SeriesQuery } from '../../contracts/ports/read-model.ts';
import { FLAGS } from '../../contracts/signals.ts';
import { HOUR_MS, MINUTE_MS, T0 } from './builders.ts';

const DEVICES = ['cems-1', 'm-1'] as const;
const NUMBERS = ['so2', 'nox', 'time', 'a', 'z9'] as const;
const SIGNALS = [...NUMBERS, 'picture-hash'] as const;
const PERIODS_MS = [0, MINUTE_MS, 15 * MINUTE_MS, HOUR_MS] as const;
const SPAN_MS = 6 * HOUR_MS;

export interface AnySamples {
  readonly samples: readonly Sample[];
  /** Indexes of the samples, commit by commit; each at least once. */
  readonly written: readonly (readonly number[])[];
  readonly queries: readonly SeriesQuery[];
}

const anyNumber = fc.oneof(
  fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((value) => value + 0),
  fc.integer({ min: 0, max: 5_000 }).map((value) => value / 10),
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '\\', ',', '\r', '\n', 'u', '\ud83d', '画', '=', ' '), maxLength: 8 }),
);

const anyReport = fc
  .record({
    device: fc.constantFrom(...DEVICES),
    periodMs: fc.constantFrom(...PERIODS_MS),
    step: fc.integer({ min: 0, max: 60 }),
    offset: fc.constantFrom(0, 0, 0, 1, 999),
    revision: fc.constantFrom(0, 0, 0, 0, 1, 2),
    delay: fc.integer({ min: 0, max: 10 * MINUTE_MS }),
    signals: fc.subarray([...SIGNALS], { minLength: 1 }),
    numbers: fc.array(anyNumber, { minLength: SIGNALS.length, maxLength: SIGNALS.length }),
    text: anyText,
    flags: fc.array(fc.constantFrom('N', 'N', 'N', ...FLAGS), { minLength: SIGNALS.length, maxLength: SIGNALS.length }),
  })
  .map(({ device, periodMs, step, offset, revision, delay, signals, numbers, text, flags }): Sample => {
    const ts = T0 + step * (periodMs === 0 ? SPAN_MS / 61 : periodMs) + offset;
    const values = signals.map((signal, i) => (signal === 'picture-hash' ? text : (numbers[i] ?? 0)));
    return {
      site: '',
      device,
      ts: Math.floor(ts),
      periodMs,
      received: Math.floor(ts) + periodMs + delay,
      signals,
      values,
      flags: flags.slice(0, signals.length).join(''),
      revision,
    };
  });

/** Each value of an identity once: what detection promises. */
function once(reports: readonly Sample[]): Sample[] {
  const seen = new Set<string>();
  return reports.map((report) => {
    const { device, ts, periodMs, revision, signals, values, flags } = report;
    const kept = signals.flatMap((signal, i) => {
      const key = [device, ts, periodMs, revision, signal].join(' ');
      if (seen.has(key)) return [];
      seen.add(key);
      return [i];
    });
    return {
      ...report,
      signals: kept.map((i) => signals[i]!),
      values: kept.map((i) => values[i]!),
      flags: kept.map((i) => flags[i]!).join(''),
    };
  });
}

const anyQuery = fc
  .record({
    device: fc.constantFrom(...DEVICES),
    signal: fc.constantFrom(...NUMBERS, ...NUMBERS, 'unknown'),
    fromAt: fc.integer({ min: -HOUR_MS, max: SPAN_MS }).map((ms) => T0 + ms),
    spanMs: fc.oneof(fc.integer({ min: 1, max: SPAN_MS }), fc.constant(10 * SPAN_MS)),
    everyMs: fc.option(fc.constantFrom(1_000, 7_777, MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS), {
      nil: undefined,
    }),
    originAt: fc.option(
      fc.integer({ min: -HOUR_MS, max: HOUR_MS }).map((ms) => T0 + ms),
      { nil: undefined },
    ),
    periodMs: fc.option(fc.constantFrom(...PERIODS_MS), { nil: undefined }),
  })
  .map(({ device, signal, fromAt, spanMs, everyMs, originAt, periodMs }): SeriesQuery => {
    const optional = Object.fromEntries(
      Object.entries({ everyMs, originAt, periodMs }).filter(([, value]) => value !== undefined),
    );
    return { site: '', device, signal, fromAt, toAt: fromAt + spanMs, maxPoints: 100_000, ...optional };
  });

const textQuery: SeriesQuery = {
  site: '',
  device: 'cems-1',
  signal: 'picture-hash',
  fromAt: T0 - HOUR_MS,
  toAt: T0 + 10 * SPAN_MS,
  maxPoints: 1_000,
};

export function anySamples(): fc.Arbitrary<AnySamples> {
  return fc.array(anyReport, { minLength: 1, maxLength: 60 }).chain((reports) => {
    const samples = once(reports);
    const index = fc.integer({ min: 0, max: samples.length - 1 });
    return fc.record({
      samples: fc.constant(samples),
      written: fc
        .tuple(
          fc.shuffledSubarray([...samples.keys()], { minLength: samples.length }),
          fc.array(fc.array(index, { maxLength: 10 }), { maxLength: 3 }),
          fc.integer({ min: 1, max: samples.length }),
        )
        .map(([order, again, cut]) => [order.slice(0, cut), order.slice(cut), ...again]),
      queries: fc.array(anyQuery, { minLength: 3, maxLength: 6 }).map((queries) => [...queries, textQuery]),
    });
  });
}
