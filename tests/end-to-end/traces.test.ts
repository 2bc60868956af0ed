/** A report that is followed into a system in one process, and a collector that hangs while that process ends. */
import { connectAsync } from 'mqtt';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { startTraceCollector, type TraceCollector } from '../support/trace-collector.ts';
import { commandBuilt } from './built-command.ts';
import { startSystem, type RunningSystem } from './running-system.ts';

let collector: TraceCollector;
let system: RunningSystem | undefined;
let place: { readonly folder: string; readonly remove: () => void };

beforeAll(commandBuilt, 300_000);

beforeEach(async () => {
  collector = await startTraceCollector();
  place = temporaryFolder();
});

afterEach(async () => {
  await system?.kill();
  await collector.close();
  place.remove();
});

async function publishTo({ ready }: RunningSystem, count: number): Promise<void> {
  const client = await connectAsync(ready.mqttUrl);
  for (let n = 0; n < count; n += 1)
    await client.publishAsync('stackwarden/v1/nobody/m-1/report', `{"ts":${String(n)}}`, { qos: 1 });
  await client.endAsync();
}

it.each(['takes', 'hangs'] as const)('ends in time while the collector %s', { timeout: 60_000 }, async (mood) => {
  collector.mood = mood;
  const environment = { STACKWARDEN_TRACES: collector.url, STACKWARDEN_TRACES_SHARE_PERCENT: '100' };
  system = await startSystem(place.folder, ['--insecure'], environment);
  await publishTo(system, 20);
  if (mood === 'hangs') await vi.waitFor(() => expect(collector.requests()).toBe(1), { timeout: 10_000 });
  await publishTo(system, 20);
  const { code, ms } = await system.stop();
  expect(code).toBe(0);
  expect(ms).toBeLessThan(8_000);
  expect(collector.spans).toHaveLength(mood === 'takes' ? 40 : 0);
  expect(collector.spans.every(({ service, name }) => `${service} ${name}` === 'stackwarden-start mqtt.receive')).toBe(
    true,
  );
  expect(system.stderr().match(/traces.collector.refuses/g)?.length ?? 0).toBe(mood === 'takes' ? 0 : 1);
});
