import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startTraceCollector, type TraceCollector } from '../../tests/support/trace-collector.ts';
import { openOtelTracer, type OtelTracer, type OtelTracerOptions } from './otel-tracer.ts';

let collector: TraceCollector;
const opened: OtelTracer[] = [];
const refused = vi.fn<(error: Error) => void>();

function open(more: Partial<OtelTracerOptions> = {}): OtelTracer {
  const service = { name: 'stackwarden-test', version: '1.2.3' };
  const tracer = openOtelTracer({ url: collector.url, sharePercent: 100, service, refused, ...more });
  opened.push(tracer);
  return tracer;
}

beforeEach(async () => {
  collector = await startTraceCollector();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tracer) => tracer.close()));
  await collector.close();
  refused.mockClear();
});

it('sends parts of one way with who made them, in our words', async () => {
  const tracer = open({ url: `${collector.url}/` });
  const receive = tracer.follow('mqtt.receive');
  expect(receive?.context).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const detect = open().goOn('detect', receive?.context ?? '');
  detect?.end({ site: 'a', offset: 7 }, 'why not');
  receive?.end({ reports: 2 });
  await Promise.all(opened.map((one) => one.close()));
  const [first, second] = ['mqtt.receive', 'detect'].map((name) => collector.spans.find((span) => span.name === name));
  expect(first).toMatchObject({ service: 'stackwarden-test', parentSpanId: undefined, failure: undefined });
  expect(first?.attributes).toEqual({ 'stackwarden.reports': 2 });
  expect(second).toMatchObject({ traceId: first?.traceId, parentSpanId: first?.spanId, failure: 'why not' });
  expect(second?.attributes).toEqual({ 'stackwarden.site': 'a', 'stackwarden.offset': 7 });
  expect(tracer.figures).toEqual({ sent: 1, lost: 0 });
  expect(refused).not.toHaveBeenCalled();
});

it('follows the share that was asked for', () => {
  const draws = [0.0099, 0.01, 0.5, 0.001];
  const tracer = open({ sharePercent: 1, random: () => draws.shift() ?? 1 });
  const followed = [1, 2, 3, 4].map(() => tracer.follow('mqtt.receive') !== undefined);
  expect(followed).toEqual([true, false, false, true]);
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
it.each([
  ['nothing', ''],
  ['something else', 'hello'],
  ['what is not followed', `00-${TRACE}-b7ad6b7169203331-00`],
  ['no trace', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
  ['a later version', `01-${TRACE}-b7ad6b7169203331-01-more`],
])('does not go on from %s', (_, context) => {
  expect(open().goOn('detect', context)).toBeUndefined();
});

it.each(['hangs', 'refuses'] as const)('holds nobody up while the collector %s, and tells it once', async (mood) => {
  collector.mood = mood;
  const tracer = open();
  for (let n = 0; n < 600; n += 1) tracer.follow('mqtt.receive')?.end({ n });
  await vi.waitFor(() => expect(collector.requests()).toBeGreaterThan(0), { timeout: 5_000 });
  for (let n = 0; n < 600; n += 1) tracer.follow('mqtt.receive')?.end({ n });
  const begin = performance.now();
  await tracer.close();
  expect(performance.now() - begin).toBeLessThan(2_500);
  await vi.waitFor(() => expect(tracer.figures.lost).toBe(1_200), { timeout: 5_000 });
  expect(tracer.figures.sent).toBe(0);
  expect(refused).toHaveBeenCalledTimes(1);
  tracer.follow('mqtt.receive')?.end({});
});

it('keeps a bounded number of parts, whatever comes', async () => {
  collector.mood = 'hangs';
  const tracer = open();
  for (let n = 0; n < 20_000; n += 1) tracer.follow('mqtt.receive')?.end({ n });
  await tracer.close();
  await vi.waitFor(() => expect(tracer.figures.lost).toBeGreaterThan(0), { timeout: 5_000 });
  expect(tracer.figures.lost).toBeLessThanOrEqual(2_048 + 512);
});
