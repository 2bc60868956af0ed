import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../contracts/errors.ts';
import type { LogEntry } from '../contracts/log-record.ts';
import { smallRegistry } from '../tests/support/small-registry.ts';
import { createIntake, type Intake } from './intake.ts';

const EVENTS = { info: () => undefined, warn: () => undefined, error: () => undefined };
const TOPIC = 'stackwarden/v1/demo/cems-1/report';
const registry = smallRegistry({ demo: ['cems-1'] });

function open(append: (entries: readonly LogEntry[]) => Promise<number>): Intake {
  const limits = { refusalMs: 200, retryMs: 10, retryMaxMs: 20 };
  return createIntake({ log: { append }, registry: () => registry, limits, events: EVENTS, now: () => 1_000 });
}

const report = (n: number): Buffer => Buffer.from(`{"ts":"2026-11-22T08:00:00+08:00","values":{"so2":${n}}}`);

describe('messages of a broker', () => {
  it('are durable as what they became: reports, and dead letters for the rest', async () => {
    const written: LogEntry[] = [];
    const intake = open(async (entries) => written.push(...entries));
    const taken = [
      intake.take(TOPIC, report(1)),
      intake.take(TOPIC, Buffer.from('no json')),
      intake.take('stackwarden/v1/demo/WRONG/report', report(2)),
    ];
    expect(await Promise.all(taken)).toEqual([true, true, true]);
    expect(written.map((entry) => (entry.kind === 'dead' ? entry.reason : entry.kind))).toEqual([
      'report',
      'payload-not-json',
      'topic-invalid',
    ]);
    expect(intake.metrics).toMatchObject({ messages: 3, acknowledged: 3, reports: 1, waitingMessages: 0 });
    await intake.stop();
  });

  it('are tried again, and given back where storage refuses for too long', async () => {
    let refusals = 0;
    const intake = open(async () => {
      refusals += 1;
      throw new UnavailableError('away');
    });
    expect(await intake.take(TOPIC, report(1))).toBe(false);
    expect(refusals).toBeGreaterThan(2);
    expect(intake.metrics).toMatchObject({ messages: 1, acknowledged: 0, unacknowledged: 1, waitingBytes: 0 });
    await intake.stop();
  });

  it('that wait at the end are given back', async () => {
    let finish = (): void => undefined;
    const intake = open(
      () =>
        new Promise((resolve) => {
          finish = () => resolve(0);
        }),
    );
    const first = intake.take(TOPIC, report(1));
    await new Promise(setImmediate);
    const stopped = intake.stop();
    finish();
    await stopped;
    expect(await first).toBe(true);
  });
});
