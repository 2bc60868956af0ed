import { expect, it, vi } from 'vitest';
import { readConfig } from './config.ts';
import { openTracer } from './open-tracer.ts';

const loaded = vi.hoisted(() => ({ packages: 0 }));
vi.mock('@opentelemetry/sdk-trace', async (original) => {
  loaded.packages += 1;
  return original();
});

const logger = { warn: () => undefined };

it('loads nothing unless a collector is named', async () => {
  expect(await openTracer(readConfig({}, {}), 'detect', logger)).toBeUndefined();
  expect(loaded.packages).toBe(0);
  const tracer = await openTracer(readConfig({ traces: 'http://127.0.0.1:4318' }, {}), 'detect', logger);
  expect(loaded.packages).toBe(1);
  await tracer?.close();
});

it.each([
  [{ traces: '127.0.0.1:4318' }],
  [{ traces: 'http://somebody:secret@127.0.0.1:4318' }],
  [{ tracesSharePercent: 0 }],
  [{ tracesSharePercent: 101 }],
])('takes no %j', (settings) => {
  expect(() => readConfig(settings, {})).toThrow();
});
