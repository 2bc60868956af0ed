import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { startIntakeTicks, type IntakeTicks } from './intake-ticks.ts';

let now = 0;
let said: string[] = [];
let isAway = false;
let failures = 0;
let ticks: IntakeTicks;

const say = (what: string) => async (): Promise<void> => {
  if (isAway) throw new UnavailableError('away');
  said.push(what);
};

async function open(): Promise<void> {
  ticks = await startIntakeTicks({
    tick: say('tick'),
    tellGaps: say('gap'),
    gapMs: 60_000,
    failed: () => {
      failures += 1;
    },
    monotonic: () => now,
  });
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    now += 1_000;
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  said = [];
  isAway = false;
  failures = 0;
});
afterEach(() => {
  ticks?.stop();
  vi.useRealTimers();
});

describe('ticks of ingest', () => {
  it('begin with a look for times without intake, and come every ten seconds', async () => {
    await open();
    expect(said).toEqual(['gap', 'tick']);
    await pass(30_000);
    expect(said).toEqual(['gap', 'tick', 'tick', 'tick', 'tick']);
    expect(ticks.age()).toBe(0);
    ticks.expectContinuous();
  });

  it('that fail for less than a minute leave no gap', async () => {
    await open();
    isAway = true;
    await pass(55_000);
    ticks.expectContinuous();
    expect(failures).toBe(1);
    isAway = false;
    await pass(1_000);
    expect(said).toEqual(['gap', 'tick', 'tick']);
  });

  it('that fail for longer close the intake until the gap is told', async () => {
    await open();
    isAway = true;
    await pass(61_000);
    expect(() => {
      ticks.expectContinuous();
    }).toThrow(UnavailableError);
    isAway = false;
    await pass(1_000);
    expect(said).toEqual(['gap', 'tick', 'gap', 'tick']);
    ticks.expectContinuous();
    await pass(10_000);
    expect(said.slice(4)).toEqual(['tick']);
  });

  it('cannot begin where Kafka is away', async () => {
    isAway = true;
    await expect(open()).rejects.toThrow(UnavailableError);
  });

  it('end when they are stopped', async () => {
    await open();
    ticks.stop();
    await pass(60_000);
    expect(said).toEqual(['gap', 'tick']);
  });
});
