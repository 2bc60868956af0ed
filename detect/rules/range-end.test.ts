import { describe, expect, it } from 'vitest';
import {
  isAtBottom,
  isAtTop,
  isBeyondTop,
  lowestStep,
  rangeValue,
  standsAtAnEnd,
  TOP_SHARE,
  type EndChannel,
} from './range-end.ts';

function channel(over: Partial<EndChannel> = {}): EndChannel {
  return {
    signal: 'nox',
    subject: { outlet: 'stack', device: 'cems-1', signal: 'nox' },
    resolution: 0.1,
    range: [0, 200],
    lowest: 0,
    frozen: { step: null, compared: 0 },
    ...over,
  };
}

describe('the top of a range', () => {
  it('begins at the share of full scale', () => {
    expect(isAtTop(channel(), 196, TOP_SHARE)).toBe(true);
    expect(isAtTop(channel(), 195.9, TOP_SHARE)).toBe(false);
  });

  it('of a range that begins below zero is counted from its bottom', () => {
    const gauge = channel({ signal: 'pressure', range: [-2, 2] });
    expect(isAtTop(gauge, 1.92, TOP_SHARE)).toBe(true);
    expect(isAtTop(gauge, 1.9, TOP_SHARE)).toBe(false);
  });

  it('is none without a range, and none where oxygen of air is full scale', () => {
    expect(isAtTop(channel({ range: undefined }), 1e9, TOP_SHARE)).toBe(false);
    expect(isAtTop(channel({ signal: 'o2', range: [0, 21] }), 20.9, TOP_SHARE)).toBe(false);
    expect(isAtTop(channel({ signal: 'o2', range: [0, 25] }), 24.6, TOP_SHARE)).toBe(true);
  });

  it('is far behind a value of another range', () => {
    expect(isBeyondTop(channel(), 221)).toBe(true);
    expect(isBeyondTop(channel(), 219)).toBe(false);
  });
});

describe('the bottom of a range', () => {
  it('is the lowest value and one step', () => {
    expect(isAtBottom(channel(), 0.1, 0.1)).toBe(true);
    expect(isAtBottom(channel(), 0.3 - 0.2, 0.1)).toBe(true);
    expect(isAtBottom(channel(), 0.11, 0.1)).toBe(false);
    expect(isAtBottom(channel({ lowest: undefined }), -5, 0.1)).toBe(false);
  });

  it('has the step of the registry, else one that was seen often enough and is fine enough', () => {
    const learned = { resolution: undefined, frozen: { step: 0.5, compared: 30 } };
    expect(lowestStep(channel())).toBe(0.1);
    expect(lowestStep(channel(learned))).toBe(0.5);
    expect(lowestStep(channel({ ...learned, frozen: { step: 0.5, compared: 29 } }))).toBe(0);
    expect(lowestStep(channel({ ...learned, frozen: { step: 5, compared: 300 } }))).toBe(0);
  });
});

describe('a reading', () => {
  it('counts at face value, over range as all of it, and not at all under another flag', () => {
    expect(rangeValue('N', 12)).toBe(12);
    expect(rangeValue('T', 210)).toBe(210);
    expect(rangeValue('T', Number.NaN)).toBe(Number.POSITIVE_INFINITY);
    expect(rangeValue('N', Number.NaN)).toBeUndefined();
    expect(rangeValue('C', 12)).toBeUndefined();
  });

  it('stands at an end or does not', () => {
    expect([0, 0.1, 100, 181, Number.POSITIVE_INFINITY].map((value) => standsAtAnEnd(channel(), value))).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
  });
});
