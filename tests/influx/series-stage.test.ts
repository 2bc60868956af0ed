/** From detection on a real Kafka into a real InfluxDB, and the same again from the log alone. */
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { readRange } from '../../backends/kafka/read-range.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import type { RunningStage } from '../../cli/stages/run-stage.ts';
import { ConfigError } from '../../contracts/errors.ts';
import { openTestLog, startTestGroup, type TestLog } from '../kafka/detecting.ts';
import { registryEntry, worksEntries, worksRegistry, WORKS_BEGIN } from '../kafka/works.ts';
import { HOUR_MS, MINUTE_MS } from '../ports/builders.ts';
import { needInflux, needKafka } from '../servers/addresses.ts';
import { startInflux } from '../servers/own-server.ts';
import { dump, newBucket } from './new-bucket.ts';
import { configFor, isDetected, metricsOf, rebuild, seriesLag, startSeries } from './series-works.ts';

const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function openLog(context: TestContext, transactions = true): Promise<TestLog> {
  const log = await openTestLog(needKafka(context), 4, transactions);
  closes.push(() => log.close());
  return log;
}

async function start(log: TestLog, influx: InfluxSettings): Promise<RunningStage> {
  const stage = await startSeries(log, influx);
  closes.push(() => stage.stop());
  return stage;
}

/** Detects all of it, by members that change on the way. */
async function detect(log: TestLog, sites: number, minutes: number): Promise<void> {
  const entries = worksEntries(sites, minutes, 3);
  const half = Math.floor(entries.length / 2);
  await log.append([registryEntry(worksRegistry(sites)), ...entries.slice(0, half)]);
  const first = startTestGroup(log, []);
  closes.push(() => first.close());
  await expect.poll(() => isDetected(log, [first]), { timeout: 60_000, interval: 200 }).toBe(true);
  const second = startTestGroup(log, []);
  closes.push(() => second.close());
  await log.append([registryEntry(worksRegistry(sites, 70), entries[half]?.received), ...entries.slice(half)]);
  await expect.poll(() => isDetected(log, [first, second]), { timeout: 60_000, interval: 200 }).toBe(true);
  await first.close();
  await expect.poll(() => isDetected(log, [second]), { timeout: 60_000, interval: 200 }).toBe(true);
}

const written = (log: TestLog): Promise<void> =>
  expect.poll(() => seriesLag(log), { timeout: 60_000, interval: 200 }).toBe(0);

describe.each([
  ['with transactions', true],
  ['without transactions', false],
])('series of detection %s', (_, transactions) => {
  it('are the same as those that are made again from the log', { timeout: 240_000 }, async (context) => {
    const log = await openLog(context, transactions);
    const [live, again] = [await newBucket(needInflux(context)), await newBucket(needInflux(context))];
    const stage = await start(log, live);
    await detect(log, 8, 500);
    await written(log);
    const metrics = await metricsOf(stage);
    expect(metrics.get('stackwarden_series_refused_total')).toBe(0);
    expect(metrics.get('stackwarden_series_samples_total')).toBeGreaterThan(8 * 3 * 490);

    const { code, counted } = await rebuild(log, again);
    expect(code).toBe(0);
    const expected = await dump(again);
    // Of each kind something, revised means and later revisions of findings included.
    for (const kind of ['report', 'mean_PT1H', 'mean_revised_PT1H', 'mean_newest_PT1H', 'finding'])
      expect(
        expected.filter((line) => line.includes(`,${kind},`) || line.includes(`,${kind}\r`)).length,
      ).toBeGreaterThan(10);
    expect(counted['findings']).toBeGreaterThan(20);
    expect(await dump(live)).toEqual(expected);
  });
});

it('a part of the time is made again without touching the rest', { timeout: 240_000 }, async (context) => {
  const log = await openLog(context);
  const [whole, part] = [await newBucket(needInflux(context)), await newBucket(needInflux(context))];
  await detect(log, 4, 400);
  await rebuild(log, whole);
  const range = { fromAt: WORKS_BEGIN + HOUR_MS, toAt: WORKS_BEGIN + 3 * HOUR_MS };
  const { counted } = await rebuild(log, part, range);
  expect(counted['samples']).toBe(4 * 3 * 120);
  const query = { site: 'works-1', device: 'm-kiln', signal: 'power', maxPoints: 1_000 };
  const inRange = { ...query, ...range };
  const [a, b] = [new InfluxSeriesStore(whole), new InfluxSeriesStore(part)];
  expect((await b.series({ ...inRange, fromAt: WORKS_BEGIN, toAt: WORKS_BEGIN + 10 * HOUR_MS })).points).toEqual(
    (await a.series(inRange)).points,
  );
  const found = (await dump(part)).filter((line) => line.includes(',body,finding'));
  expect((await dump(whole)).filter((line) => found.includes(line))).toEqual(found);
  expect(found.length).toBeGreaterThan(0);
});

it(
  'what InfluxDB refuses and what nobody can read is set aside; the rest is in',
  { timeout: 120_000 },
  async (context) => {
    const log = await openLog(context);
    const bucket = await newBucket(needInflux(context));
    // Somebody else made a field with another type in that week.
    const { url, organisation, token } = bucket;
    const where = new URLSearchParams({ org: organisation, bucket: bucket.bucket }).toString();
    const spoiled = await fetch(`${url}/api/v2/write?${where}`, {
      method: 'POST',
      headers: { authorization: `Token ${token}` },
      body: `report,site=works-0,device=m-bag power="text" ${WORKS_BEGIN + 10 * MINUTE_MS}000000`,
    });
    expect(spoiled.status).toBe(204);
    const stage = await start(log, bucket);
    const producer = await openDurableProducer(log.module, log.settings, 'test');
    closes.push(() => producer.close());
    const stray = (text: string, topic: 'samples' | 'outcomes'): Promise<void> =>
      producer.send([{ topic: topicName(log.settings, topic), partition: 1, key: '', value: Buffer.from(text) }]);
    await stray('not JSON', 'samples');
    await stray('{"v":1}', 'samples');
    await stray('{"v":1,"findings":[{"id":"f-1"}]}', 'outcomes');
    await log.append([registryEntry(worksRegistry(1)), ...worksEntries(1, 30, 1)]);
    const group = startTestGroup(log, []);
    closes.push(() => group.close());
    await expect.poll(() => isDetected(log, [group]), { timeout: 60_000, interval: 200 }).toBe(true);
    await written(log);

    const dead: Record<string, unknown>[] = [];
    const range = { topic: topicName(log.settings, 'series-dead'), partition: 0, fromOffset: 0 };
    for await (const messages of readRange(log.module, log.settings, range))
      dead.push(...messages.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>));
    const unreadable = dead.filter(({ payload }) => payload !== undefined);
    expect(unreadable.map(({ payload }) => Buffer.from(String(payload), 'base64').toString()).sort()).toEqual([
      'not JSON',
      '{"v":1,"findings":[{"id":"f-1"}]}',
      '{"v":1}',
    ]);
    const refused = dead.filter(({ line }) => line !== undefined);
    expect(refused.every(({ line }) => /^report,device=m-(bag|kiln),site=works-0 power=/.test(String(line)))).toBe(
      true,
    );
    expect(refused.every(({ reason }) => String(reason).includes('field type conflict'))).toBe(true);
    expect(refused[0]?.['source']).toMatchObject({ topic: topicName(log.settings, 'samples') });
    const metrics = await metricsOf(stage);
    expect(metrics.get('stackwarden_series_refused_total')).toBe(dead.length);
    expect(dead.length - unreadable.length).toBeGreaterThan(10);
    const store = new InfluxSeriesStore(bucket);
    const query = { site: 'works-0', device: 'cems-1', signal: 'nox', maxPoints: 1_000 };
    expect((await store.series({ ...query, fromAt: WORKS_BEGIN, toAt: WORKS_BEGIN + HOUR_MS })).points).toHaveLength(
      30,
    );
  },
);

it(
  'an InfluxDB that is away, hangs or is killed is waited for, and nothing is missing',
  { timeout: 240_000 },
  async (context) => {
    const log = await openLog(context);
    const server = await startInflux(context);
    closes.push(() => server.stop());
    const direct = await newBucket(server);
    const again = await newBucket(server);
    const stage = await start(log, { ...direct, url: `http://${server.proxy.address}` });
    const ready = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${String(stage.addresses['http'])}/health/ready`)).status;
    const group = startTestGroup(log, []);
    closes.push(() => group.close());
    const entries = worksEntries(4, 300, 5);
    const part = (number: number): typeof entries => {
      const size = Math.ceil(entries.length / 4);
      return entries.slice(number * size, (number + 1) * size);
    };
    await log.append([registryEntry(worksRegistry(4)), ...part(0)]);
    await written(log);
    expect(await ready()).toBe(200);

    await server.proxy.refuse();
    await log.append(part(1));
    await expect.poll(ready, { timeout: 30_000 }).toBe(503);
    await server.proxy.forward();
    await expect.poll(ready, { timeout: 30_000 }).toBe(200);

    await server.proxy.hang();
    await log.append(part(2));
    await expect.poll(ready, { timeout: 30_000 }).toBe(503);
    await server.proxy.forward();
    await expect.poll(ready, { timeout: 30_000 }).toBe(200);

    await server.kill();
    await log.append(part(3));
    await expect.poll(ready, { timeout: 30_000 }).toBe(503);
    await server.restart();
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
    await expect.poll(() => isDetected(log, [group]), { timeout: 60_000, interval: 200 }).toBe(true);
    await written(log);
    await rebuild(log, again);
    expect(await dump(direct)).toEqual(await dump(again));

    await server.proxy.hang();
    await log.append(worksEntries(1, 5, 9));
    const begin = performance.now();
    await stage.stop();
    expect(performance.now() - begin).toBeLessThan(10_000);
  },
);

it('a server that does not take the token is a fault of the configuration', async (context) => {
  const log = await openLog(context);
  const bucket = await newBucket(needInflux(context));
  await expect(startSeries(log, { ...bucket, token: 'x' })).rejects.toThrow(ConfigError);
  const { series, ...config } = configFor(log, bucket);
  expect(series).toBe('influx');
  const { runRebuildSeries } = await import('../../cli/commands/rebuild-series.ts');
  const streams = { out: { write: () => undefined }, err: { write: () => undefined } };
  await expect(
    runRebuildSeries({ config: { ...config, series: 'sqlite' }, json: true, fromAt: 0, toAt: 1 }, streams),
  ).rejects.toThrow(/series: influx/);
});
