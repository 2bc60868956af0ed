/** `stackwarden series` as a process of its own: killed at any moment, stopped while its server hangs. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import { commandBuilt, runCommand } from '../end-to-end/built-command.ts';
import { openTestLog, startTestGroup, type TestLog } from '../kafka/detecting.ts';
import { registryEntry, worksEntries, worksRegistry } from '../kafka/works.ts';
import { StageProcess } from '../production/stage-process.ts';
import { needInflux, needKafka } from '../servers/addresses.ts';
import { startProxy } from '../servers/proxy.ts';
import { createRandom } from '../support/seeded-random.ts';
import { dump, newBucket } from './new-bucket.ts';
import { isDetected, seriesLag } from './series-works.ts';

const KILLS = Number(process.env['STACKWARDEN_TEST_SERIES_KILLS'] ?? 8);
const closes: (() => Promise<unknown>)[] = [];

beforeAll(commandBuilt, 300_000);
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

function environmentOf({ settings }: TestLog, influx: InfluxSettings): Record<string, string> {
  return {
    STACKWARDEN_LOG: 'kafka',
    STACKWARDEN_KAFKA_BROKERS: settings.brokers,
    STACKWARDEN_KAFKA_PREFIX: settings.prefix,
    STACKWARDEN_KAFKA_PARTITIONS: String(settings.partitions),
    STACKWARDEN_SERIES: 'influx',
    STACKWARDEN_INFLUX_URL: influx.url,
    STACKWARDEN_INFLUX_ORG: influx.organisation,
    STACKWARDEN_INFLUX_BUCKET: influx.bucket,
    STACKWARDEN_INFLUX_TOKEN: influx.token,
    UV_THREADPOOL_SIZE: '16',
  };
}

function stage(log: TestLog, influx: InfluxSettings, name = 'series'): StageProcess {
  const process = new StageProcess(name, ['series'], environmentOf(log, influx));
  closes.push(() => process.stop());
  return process;
}

it('loses, doubles and changes nothing, however often it is killed', { timeout: 300_000 }, async (context) => {
  const log = await openTestLog(needKafka(context), 4);
  closes.push(() => log.close());
  const [live, again] = [await newBucket(needInflux(context)), await newBucket(needInflux(context))];
  const stages = [stage(log, live, 'series-1'), stage(log, live, 'series-2')];
  for (const one of stages) await one.start();
  const group = startTestGroup(log, []);
  closes.push(() => group.close());
  await log.append([registryEntry(worksRegistry(6))]);
  const entries = worksEntries(6, 400, 11);
  const random = createRandom(20_261_123);
  const size = Math.ceil(entries.length / KILLS);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await log.append(entries.slice(kill * size, (kill + 1) * size));
    await pause(random.below(1_500));
    const victim = random.pick(stages);
    await victim.whenReady();
    victim.kill();
  }
  await expect.poll(() => isDetected(log, [group]), { timeout: 60_000, interval: 200 }).toBe(true);
  await expect.poll(() => seriesLag(log), { timeout: 120_000, interval: 500 }).toBe(0);
  expect(stages.flatMap(({ crashes }) => crashes)).toEqual([]);
  expect(stages.reduce((sum, { starts }) => sum + starts, 0)).toBe(KILLS + 2);

  const rebuilt = await runCommand(['rebuild', 'series', '--bucket', again.bucket, '--json'], {
    env: environmentOf(log, live),
  });
  expect(rebuilt.code).toBe(0);
  expect(JSON.parse(rebuilt.stdout)).toMatchObject({ bucket: again.bucket, refused: 0 });
  const expected = await dump(again);
  expect(expected.length).toBeGreaterThan(20_000);
  expect(await dump(live)).toEqual(expected);
});

it('ends within ten seconds when it is asked to, also while InfluxDB hangs', { timeout: 120_000 }, async (context) => {
  const log = await openTestLog(needKafka(context), 2);
  closes.push(() => log.close());
  const influx = await newBucket(needInflux(context));
  const proxy = await startProxy(Number(new URL(influx.url).port));
  closes.push(() => proxy.close());
  const series = stage(log, { ...influx, url: `http://${proxy.address}` });
  await series.start();
  const group = startTestGroup(log, []);
  closes.push(() => group.close());
  await proxy.hang();
  await log.append([registryEntry(worksRegistry(2)), ...worksEntries(2, 30, 1)]);
  await expect
    .poll(async () => (await series.metrics()).get('stackwarden_series_oldest_wait_seconds'), { timeout: 30_000 })
    .toBeGreaterThan(0);
  const { code, ms } = await series.stop();
  expect([code, series.crashes]).toEqual([0, []]);
  expect(ms).toBeLessThan(10_000);
});

it('says what is wrong with its configuration, and that a server is away', { timeout: 60_000 }, async (context) => {
  const log = await openTestLog(needKafka(context), 1);
  closes.push(() => log.close());
  const influx = await newBucket(needInflux(context));
  const run = (change: Record<string, string>): ReturnType<typeof runCommand> =>
    runCommand(['series', '--http', '0'], { env: { ...environmentOf(log, influx), ...change } });
  const [token, away, sqlite] = await Promise.all([
    run({ STACKWARDEN_INFLUX_TOKEN: 'x' }),
    run({ STACKWARDEN_INFLUX_URL: 'http://127.0.0.1:1' }),
    run({ STACKWARDEN_SERIES: 'sqlite' }),
  ]);
  expect([token.code, token.stderr]).toEqual([78, expect.stringContaining('refuses the token')]);
  expect([away.code, away.stderr]).toEqual([75, expect.stringContaining('ECONNREFUSED')]);
  expect([sqlite.code, sqlite.stderr]).toEqual([78, expect.stringContaining('set series: influx')]);
});
