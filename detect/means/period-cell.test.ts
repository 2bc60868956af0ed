import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../contracts/time/instant.ts';
import { series } from '../../tests/support/series.ts';
import { addPart, addSample, closeCell, createCell, type CellMean, type PeriodCell } from './period-cell.ts';

const START = 1_000 * HOUR_MS;

/** Samples flagged N or T as `feed-outlet.ts` hands them on; others are left out. */
function sample(cell: PeriodCell, everyMs: number, text: string, fromMs = 0): void {
  series(text).forEach((said, index) => {
    if (said === undefined || (said.flag !== 'N' && said.flag !== 'T')) return;
    const value = { value: said.value, overRange: said.flag === 'T', laterDelta: 0 };
    addSample(cell, { start: START, everyMs }, START + fromMs + index * everyMs, value);
  });
}

function parts(cell: PeriodCell, partMs: number, text: string, everyMs = partMs): void {
  series(text).forEach((said, index) => {
    if (said === undefined) return;
    const span = { ts: START + index * partMs, partMs, everyMs };
    addPart(cell, START, span, { value: said.value, overRange: false, laterDelta: 0, converted: undefined });
  });
}

function closed(everyMs: number, periodMs: number, fill: (cell: PeriodCell) => void): CellMean {
  const cell = createCell(periodMs);
  fill(cell);
  return closeCell(cell, START, everyMs);
}

describe('a minute', () => {
  // 45 minutes of an hour are needed: 44 are full, the 45th is the one in question.
  it.each([
    // 60 s / 5 s = 12 promised, 75 % of 12 = 9
    ['PT5S', 5 * SECOND_MS, '10x9 _x3', true],
    ['PT5S', 5 * SECOND_MS, '10x8 _x4', false],
    // 60 s / 10 s = 6 promised, 75 % of 6 = 4.5
    ['PT10S', 10 * SECOND_MS, '10x5 _', true],
    ['PT10S', 10 * SECOND_MS, '10x4 _x2', false],
    // one promised
    ['PT1M', MINUTE_MS, '10', true],
    ['PT1M', MINUTE_MS, '_', false],
    // over range counts, set by hand, calibration and the rest do not
    ['PT5S', 5 * SECOND_MS, '10x8 10!T _x3', true],
    ['PT5S', 5 * SECOND_MS, '10x8 10!S _x3', false],
    ['PT5S', 5 * SECOND_MS, '10x8 10!C 10!M 10!D 10!B', false],
  ])('at cadence %s (%d ms) with %s is valid: %s', (_cadence, everyMs, text, isValid) => {
    const perMinute = MINUTE_MS / everyMs;
    const mean = closed(everyMs, HOUR_MS, (cell) => {
      sample(cell, everyMs, `10x${String(44 * perMinute)}`);
      sample(cell, everyMs, text, 44 * MINUTE_MS);
    });
    expect([mean.parts.valid, mean.valid]).toEqual([isValid ? 45 : 44, isValid]);
  });

  it('counts as one however many of its samples are valid: the mean of the hour is unweighted', () => {
    // 45 valid minutes: one of 9 samples at 100, 44 of 12 samples at 10 → (100 + 44 × 10) / 45 = 12
    const mean = closed(5 * SECOND_MS, HOUR_MS, (cell) => {
      sample(cell, 5 * SECOND_MS, `100x9 _x3 10x${String(44 * 12)}`);
    });
    expect(mean.mean).toBe(12);
  });

  it('over range at one of its samples makes the mean a lower bound', () => {
    const mean = closed(5 * SECOND_MS, HOUR_MS, (cell) => {
      sample(cell, 5 * SECOND_MS, `10!T 10x${String(45 * 12 - 1)}`);
    });
    expect([mean.valid, mean.overRange]).toEqual([true, true]);
  });
});

describe('an hour', () => {
  it.each([
    ['45 minutes', MINUTE_MS, '10x45', true],
    ['44 minutes', MINUTE_MS, '10x44', false],
    ['45 minutes with gaps between', MINUTE_MS, '10x20 _x15 10x25', true],
    // 75 % of 4 parts = 3
    ['3 of 4 quarters', 15 * MINUTE_MS, '10x3', true],
    ['2 of 4 quarters', 15 * MINUTE_MS, '10x2', false],
    // 75 % of 6 parts = 4.5
    ['5 of 6 ten-minute parts', 10 * MINUTE_MS, '10x5', true],
    ['4 of 6 ten-minute parts', 10 * MINUTE_MS, '10x4', false],
    ['one value an hour', HOUR_MS, '10', true],
  ])('with %s (cadence %d ms) is valid: %s %s', (_name, everyMs, text, isValid) => {
    const ofSamples = closed(everyMs, HOUR_MS, (cell) => {
      sample(cell, everyMs, text);
    });
    const ofMeans = closed(everyMs, HOUR_MS, (cell) => {
      parts(cell, everyMs, text);
    });
    expect([ofSamples.valid, ofMeans.valid]).toEqual([isValid, isValid]);
    expect([ofSamples.mean, ofMeans.mean]).toEqual(isValid ? [10, 10] : [null, null]);
  });

  it('is the mean of its valid minutes, the missing ones left out', () => {
    // (30 × 10 + 15 × 40) / 45 = 900 / 45 = 20
    const mean = closed(MINUTE_MS, HOUR_MS, (cell) => {
      sample(cell, MINUTE_MS, '10x30 _x15 40x15');
    });
    expect(mean).toMatchObject({ mean: 20, parts: { valid: 45, expected: 60, partMs: MINUTE_MS } });
  });
});

describe('another period', () => {
  // 75 % of 5 minutes = 3.75
  it.each([
    ['4 of 5 minutes', '900x4', true],
    ['3 of 5 minutes', '900x3', false],
  ])('with %s is valid: %s %s', (_name, text, isValid) => {
    const mean = closed(MINUTE_MS, 5 * MINUTE_MS, (cell) => {
      sample(cell, MINUTE_MS, text);
    });
    expect(mean.valid).toBe(isValid);
  });
});

describe('finest first', () => {
  it('the minutes count where they are valid, the device’s own mean stands beside them', () => {
    const mean = closed(MINUTE_MS, HOUR_MS, (cell) => {
      sample(cell, MINUTE_MS, '10x45');
      parts(cell, HOUR_MS, '50', MINUTE_MS);
    });
    expect(mean).toMatchObject({ mean: 10, source: 'samples', own: { mean: 50 } });
  });

  it('the device’s own mean serves where the minutes are not valid', () => {
    const mean = closed(MINUTE_MS, HOUR_MS, (cell) => {
      sample(cell, MINUTE_MS, '10x44');
      parts(cell, HOUR_MS, '50', MINUTE_MS);
    });
    expect(mean).toMatchObject({ mean: 50, valid: true, source: 'device' });
  });

  it('coarser means come before the hour’s own where the minutes are not valid', () => {
    // 5 of 6 ten-minute means are valid: (5 × 30) / 5 = 30
    const mean = closed(MINUTE_MS, HOUR_MS, (cell) => {
      sample(cell, MINUTE_MS, '10x44');
      parts(cell, 10 * MINUTE_MS, '30x5', MINUTE_MS);
      parts(cell, HOUR_MS, '50', MINUTE_MS);
    });
    expect(mean).toMatchObject({ mean: 30, source: 'samples', parts: { valid: 5, expected: 6 } });
  });

  it('a minute of valid samples counts before the device’s own mean of that minute', () => {
    const mean = closed(10 * SECOND_MS, HOUR_MS, (cell) => {
      for (let minute = 0; minute < 45; minute += 1) {
        sample(cell, 10 * SECOND_MS, '10x6', minute * MINUTE_MS);
        const span = { ts: START + minute * MINUTE_MS, partMs: MINUTE_MS, everyMs: 10 * SECOND_MS };
        addPart(cell, START, span, { value: 99, overRange: false, laterDelta: 0, converted: undefined });
      }
    });
    expect(mean.mean).toBe(10);
  });
});

describe('a cell', () => {
  it('keeps the first value and shows what later ones would make', () => {
    // 45 minutes of 10; one of them was sent again as 100: (44 × 10 + 100) / 45 = 12
    const mean = closed(MINUTE_MS, HOUR_MS, (cell) => {
      sample(cell, MINUTE_MS, '10x44');
      addSample(cell, { start: START, everyMs: MINUTE_MS }, START + 44 * MINUTE_MS, {
        value: 10,
        overRange: false,
        laterDelta: 90,
      });
    });
    expect([mean.mean, mean.later]).toEqual([10, 12]);
  });

  it('forgets a period that no boundary closed, such as the first of a stream', () => {
    const cell = createCell(HOUR_MS);
    addPart(
      cell,
      START - HOUR_MS,
      { ts: START - MINUTE_MS, partMs: MINUTE_MS, everyMs: MINUTE_MS },
      { value: 999, overRange: false, laterDelta: 0, converted: undefined },
    );
    parts(cell, MINUTE_MS, '10x60');
    expect(closeCell(cell, START, MINUTE_MS)).toMatchObject({ mean: 10, parts: { valid: 60 } });
  });

  it('gives nothing of another period', () => {
    const cell = createCell(HOUR_MS);
    parts(cell, MINUTE_MS, '10x60');
    expect(closeCell(cell, START + HOUR_MS, MINUTE_MS)).toMatchObject({ mean: null, valid: false });
  });

  it('is empty again once it is closed', () => {
    const cell = createCell(HOUR_MS);
    parts(cell, MINUTE_MS, '10x60');
    closeCell(cell, START, MINUTE_MS);
    expect(closeCell(cell, START, MINUTE_MS)).toMatchObject({ mean: null, valid: false, own: null });
  });
});
