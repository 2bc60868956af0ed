/** A server that is away, hangs, or is killed: nothing that was promised is lost, and nobody waits for ever. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import { sample, MINUTE_MS, T0 } from '../ports/builders.ts';
import { startInflux, type OwnInflux } from '../servers/own-server.ts';
import { newBucket } from './new-bucket.ts';

let server: OwnInflux;
let store: InfluxSeriesStore;
beforeEach(async (context) => {
  server = await startInflux(context);
  const settings = await newBucket(server);
  store = new InfluxSeriesStore({
    ...settings,
    url: `http://${server.proxy.address}`,
    writeTimeoutMs: 1_000,
    queryTimeoutMs: 1_000,
  });
});
afterEach(async () => {
  await server?.stop();
});

const QUERY = { site: 'demo-cement', device: 'cems-1', signal: 'so2', fromAt: T0, toAt: T0 + 1_000 * MINUTE_MS };
const put = (minute: number): Promise<unknown> =>
  store.write({ samples: [sample({ ts: T0 + minute * MINUTE_MS })], means: [], findings: [] });
const count = async (): Promise<number> => (await store.series({ ...QUERY, maxPoints: 1_000 })).points.length;

it('refuses, hangs, and takes what is offered again once it is back', async () => {
  await put(0);
  await server.proxy.refuse();
  await expect(put(1)).rejects.toThrow(UnavailableError);
  await expect(count()).rejects.toThrow(UnavailableError);

  await server.proxy.hang();
  const begin = performance.now();
  await expect(put(1)).rejects.toThrow(/no answer in time/);
  await expect(count()).rejects.toThrow(/no answer in time/);
  await expect(store.expectWritable()).rejects.toThrow(UnavailableError);
  expect(performance.now() - begin).toBeLessThan(10_000);

  await server.proxy.forward();
  await put(1);
  expect(await count()).toBe(2);
});

it('hangs with its port open', async () => {
  await put(0);
  await server.kill('SIGSTOP');
  await expect(put(1)).rejects.toThrow(/no answer in time/);
  await server.kill('SIGCONT');
  await put(1);
  expect(await count()).toBe(2);
});

it('is killed while it is written to: whatever was answered is there', { timeout: 120_000 }, async () => {
  const answered: number[] = [];
  for (let cycle = 0; cycle < 3; cycle += 1) {
    const begin = answered.length;
    let isDown = false;
    const writing = (async () => {
      for (let minute = begin; !isDown; minute += 1) {
        await put(minute);
        answered.push(minute);
      }
    })().catch((error: unknown) => error);
    await expect.poll(() => answered.length).toBeGreaterThan(begin + 20);
    await server.kill();
    isDown = true;
    const ended = await writing;
    expect(ended === undefined || ended instanceof UnavailableError).toBe(true);
    await server.restart();
  }
  await expect.poll(() => count().catch(() => 0), { timeout: 30_000 }).toBeGreaterThanOrEqual(answered.length);
  const { points } = await store.series({ ...QUERY, maxPoints: 1_000 });
  const there = new Set(points.map((point) => ('ts' in point ? (point.ts - T0) / MINUTE_MS : -1)));
  expect(answered.filter((minute) => !there.has(minute))).toEqual([]);
});
