import { expect, it } from 'vitest';
import { UnavailableError } from '../contracts/errors.ts';
import type { LogEntry } from '../contracts/log-record.ts';
import { traceOf } from '../contracts/tracing.ts';
import { createFakeTracer, type FakeTracer } from '../tests/support/fake-tracer.ts';
import { smallRegistry } from '../tests/support/small-registry.ts';
import { createIntake, type Intake } from './intake.ts';

const EVENTS = { info: () => undefined, warn: () => undefined, error: () => undefined };
const TOPIC = 'stackwarden/v1/demo/cems-1/report';
const registry = smallRegistry({ demo: ['cems-1'] });
const REPORT = '{"ts":"2026-11-22T08:00:00+08:00","values":{"so2":1}}';

function open(append: (entries: readonly LogEntry[]) => Promise<number>, tracer?: FakeTracer): Intake {
  const limits = { refusalMs: 200, retryMs: 10, retryMaxMs: 20 };
  return createIntake({ log: { append }, registry: () => registry, limits, events: EVENTS, now: () => 1_000, tracer });
}

it('goes on with the last report of a message, and ends when all of it is durable', async () => {
  const tracer = createFakeTracer();
  const written: LogEntry[] = [];
  const intake = open(async (entries) => {
    expect(tracer.ended()).toEqual([]);
    return written.push(...entries);
  }, tracer);
  await intake.take(TOPIC, Buffer.from(`[${REPORT},{"ts":1},${REPORT}]`));
  expect(written.map(traceOf)).toEqual([undefined, undefined, '1']);
  expect(tracer.ended()).toEqual(['mqtt.receive<']);
  const { attributes, failure } = tracer.spans[0] ?? {};
  expect(attributes).toMatchObject({ site: 'demo', device: 'cems-1', reports: 2, deadLetters: 1 });
  expect(failure).toBeUndefined();
  await intake.stop();
});

it('says where storage did not take a message, tried however often', async () => {
  const tracer = createFakeTracer();
  const intake = open(() => Promise.reject(new UnavailableError('away')), tracer);
  expect(await intake.take('some/topic', Buffer.from(REPORT))).toBe(false);
  expect(tracer.ended()).toEqual(['mqtt.receive<']);
  expect(tracer.spans[0]?.failure).toContain('storage');
  expect(tracer.spans[0]?.attributes).toMatchObject({ reports: 0, deadLetters: 1 });
  await intake.stop();
});

it('leaves entries as they are', async () => {
  const written: LogEntry[][] = [[], []];
  for (const [index, tracer] of [undefined, createFakeTracer()].entries()) {
    const intake = open(async (entries) => (written[index] as LogEntry[]).push(...entries), tracer);
    await intake.take(TOPIC, Buffer.from(REPORT));
    await intake.stop();
  }
  expect(JSON.stringify(written[1])).toBe(JSON.stringify(written[0]));
  expect(traceOf(written[0]?.[0] as LogEntry)).toBeUndefined();
});
