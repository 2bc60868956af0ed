import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import { createSteadyReceived } from '../../contracts/steady-received.ts';
import { clockBefore, type ReadPiece } from './clock-before.ts';

const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');
/** Ingest processes say every ten seconds that they live. */
const TICK_MS = 10_000;
/** How much the clocks of two of them differ, and how long a record may wait to be written. */
const SKEW_MS = 20_000;
const WAIT_MS = 25_000;

function report(received: number, offset: number): LogRecord {
  return { kind: 'report', received, site: 's', device: 'd', body: '', offset };
}

interface Stretch {
  /** Reports between two ticks, and whether they are moved ones that were received long ago. */
  readonly reports: number;
  readonly isMoved: boolean;
}

/** What two ingest processes and a mover write; the second process's clock is ahead. */
function logOf(stretches: readonly Stretch[], delays: readonly number[]): LogRecord[] {
  const log: LogRecord[] = [];
  stretches.forEach(({ reports, isMoved }, turn) => {
    const now = BEGIN + turn * TICK_MS;
    const delay = delays[turn % delays.length] ?? 0;
    for (let n = 0; n < reports; n += 1) {
      const live = now + (n % 2) * SKEW_MS - delay;
      log.push(report(isMoved ? BEGIN - 86_400_000 + n : live, log.length));
    }
    log.push({ kind: 'tick', received: now + (turn % 2) * SKEW_MS - delay, offset: log.length });
  });
  return log;
}

function readerOf(log: readonly LogRecord[]): { readonly read: ReadPiece; readonly records: () => number } {
  let records = 0;
  return {
    records: () => records,
    async *read(from, to) {
      const piece = log.slice(from, to);
      records += piece.length;
      yield piece;
    },
  };
}

const stretch = fc.record({ reports: fc.nat({ max: 900 }), isMoved: fc.boolean() });

describe('the clock before a place of the log', () => {
  it('is what it was for whoever read the log from its beginning', async () => {
    const delays = fc.array(fc.nat({ max: WAIT_MS }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 40 }), delays, fc.nat(), async (made, late, at) => {
        const log = logOf(made, late);
        const offset = at % log.length;
        const straight = createSteadyReceived().steady(log)[offset];
        const clock = await clockBefore(offset, readerOf(log).read);
        expect(createSteadyReceived({ offset, clock }).steady(log.slice(offset))[0]).toEqual(straight);
      }),
      { numRuns: 200 },
    );
  });

  it('is told by a few records where nothing is being moved', async () => {
    const log = logOf(
      Array.from({ length: 1_000 }, () => ({ reports: 50, isMoved: false })),
      [0],
    );
    const { read, records } = readerOf(log);
    expect(await clockBefore(30_000, read)).toBe(
      log.slice(0, 30_000).reduce((c, { received }) => Math.max(c, received), 0),
    );
    expect(records()).toBe(1_000);
  });

  it('is found behind as much as was moved', async () => {
    const live = Array.from({ length: 20 }, () => ({ reports: 50, isMoved: false }));
    const log = logOf([...live, { reports: 30_000, isMoved: true }], [0]);
    const { read, records } = readerOf(log);
    const clock = await clockBefore(25_000, read);
    expect(clock).toBe(log.slice(0, 1_000).reduce((latest, { received }) => Math.max(latest, received), 0));
    expect(records()).toBe(25_000);
  });

  it('is not taken from a tick that waited while records of a clock that is ahead were written', async () => {
    const ahead = report(BEGIN + SKEW_MS + WAIT_MS, 0);
    const log: LogRecord[] = [ahead, { kind: 'tick', received: BEGIN, offset: 1 }, report(BEGIN + 30_000, 2)];
    for (let offset = 3; offset < 1_001; offset += 1) log.push(report(BEGIN - 86_400_000, offset));
    expect(await clockBefore(log.length, readerOf(log).read)).toBe(ahead.received);
  });

  it('is looked for no further back than the log is kept', async () => {
    const log = logOf([{ reports: 5_000, isMoved: false }], [0]);
    const kept: ReadPiece = async function* (from, to) {
      yield log.slice(Math.max(3_000, from), to);
    };
    let asked = 0;
    const counted: ReadPiece = (from, to) => {
      asked += 1;
      return kept(from, to);
    };
    expect(await clockBefore(4_900, counted)).toBe(BEGIN + SKEW_MS);
    expect(await clockBefore(0, counted)).toBe(0);
    expect(asked).toBe(2);
  });
});
