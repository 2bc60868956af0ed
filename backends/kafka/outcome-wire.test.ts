import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { DetectionCommit, Sample } from '../../contracts/ports/detection-store.ts';
import { decodeOutcome, decodeSamples, encodeOutcomes, encodeSamples } from './outcome-wire.ts';

const QUIET: DetectionCommit = {
  nextOffset: 20,
  findings: [],
  means: [],
  samples: [],
  deadLetters: [],
  orders: [],
  marks: [],
  state: [],
  counts: {},
};

function lettersOf(count: number): DetectionCommit['deadLetters'] {
  return Array.from({ length: count }, (_, at) => ({
    id: `dl-0-${String(at)}`,
    received: at,
    reason: 'report-invalid',
    detail: '',
    topic: '',
    payload: '',
    encoding: 'utf8',
    state: 'kept',
  }));
}

describe('what a commit tells', () => {
  it('is nothing where nothing happened', () => {
    expect(encodeOutcomes(10, QUIET)).toEqual([]);
  });

  it('is one message with its counts where it is little', () => {
    const messages = encodeOutcomes(10, {
      ...QUIET,
      redriven: ['dl-1-2'],
      deadLetters: lettersOf(2),
      counts: { stored: 3 },
    });
    expect(messages.map(decodeOutcome)).toEqual([
      {
        v: 1,
        from: 10,
        next: 20,
        part: 0,
        isLast: true,
        findings: [],
        means: [],
        deadLetters: lettersOf(2),
        redriven: ['dl-1-2'],
        orders: [],
        marks: [],
        counts: { stored: 3 },
      },
    ]);
  });

  it('is several messages where it is much, and the last alone counts', () => {
    const outcomes = encodeOutcomes(10, { ...QUIET, deadLetters: lettersOf(1_234), counts: { stored: 3 } }).map(
      decodeOutcome,
    );
    expect(outcomes.map(({ part, isLast, counts }) => [part, isLast, counts])).toEqual([
      [0, false, {}],
      [1, false, {}],
      [2, true, { stored: 3 }],
    ]);
    expect(outcomes.flatMap(({ deadLetters }) => deadLetters)).toEqual(lettersOf(1_234));
  });

  it('tells counts alone as well', () => {
    expect(encodeOutcomes(10, { ...QUIET, counts: { stored: 1 } }).map(decodeOutcome)).toMatchObject([
      { from: 10, next: 20, isLast: true, counts: { stored: 1 } },
    ]);
  });

  it('of a later version is refused with what to do', () => {
    expect(() => decodeOutcome(Buffer.from('{"v":2}'))).toThrow(UnavailableError);
    expect(() => decodeSamples(Buffer.from('{"v":2}'))).toThrow('format 2, known up to 1');
  });
});

it('values travel in messages of their own, in order', () => {
  const samples = Array.from({ length: 4_500 }, (_, at): Sample => ({
    site: 's',
    device: 'd',
    ts: at,
    periodMs: 0,
    received: at,
    signals: ['nox'],
    values: [at / 10],
    flags: 'N',
    revision: 0,
  }));
  const messages = encodeSamples(samples);
  expect(messages.length).toBe(3);
  expect(messages.flatMap(decodeSamples)).toEqual(samples);
  expect(encodeSamples([])).toEqual([]);
});
