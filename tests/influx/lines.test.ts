/** Lines against the real server: what is written comes back, and what it refuses is found. */
import { InfluxDB } from '@influxdata/influxdb-client';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../contracts/errors.ts';
import type { InfluxSettings } from '../../backends/influx/influx-settings.ts';
import { FluxReader, from } from '../../backends/influx/flux-rows.ts';
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import { float, integer, text, toLine, whyUnwritable, type Point } from '../../backends/influx/line-protocol.ts';
import { OpenRequests } from '../../backends/influx/open-requests.ts';
import { LineWriter } from '../../backends/influx/write-lines.ts';
import { needInflux } from '../servers/addresses.ts';
import { finding, mean, MINUTE_MS, sample, T0 } from '../ports/builders.ts';
import { dump, newBucket } from './new-bucket.ts';

let settings: InfluxSettings;
let writer: LineWriter;
let reader: FluxReader;
let store: InfluxSeriesStore;
beforeEach(async (context) => {
  settings = await newBucket(needInflux(context));
  const influx = new InfluxDB({ url: settings.url, token: settings.token });
  writer = new LineWriter(influx, settings, new OpenRequests());
  reader = new FluxReader(influx, settings, new OpenRequests());
  store = new InfluxSeriesStore(settings);
});

const point = (fields: Partial<Point> = {}): Point => ({
  ...{ measurement: 'report', tags: { site: 'a', device: 'b' }, fields: [['so2', float(1)]], ms: T0, ns: 0 },
  ...fields,
});

const empty = { samples: [], means: [], findings: [] };

describe('what is written', () => {
  it('comes back: names, texts and numbers of every kind', async () => {
    const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          site: anyName,
          device: anyName,
          name: anyName,
          value: anyText,
          number: fc.double({ noNaN: true }),
        }),
        async ({ site, device, name, value, number }) => {
          const ms = T0 + (run += 1) * 1_000;
          // Names that the server keeps for itself, and a point with one field twice, are no names of signals.
          if (['time', 'number', 'whole'].includes(name) || name.startsWith('_')) return;
          const fields = [
            [name, text(value)],
            ['number', float(number + 0)],
            ['whole', integer(run * 2 ** 40)],
          ] as const;
          const made = point({ tags: { site, device }, fields, ms });
          if (whyUnwritable(made) !== undefined) return;
          expect(await writer.write([toLine(made)])).toEqual([]);
          const where = { bucket: settings.bucket, fromAt: ms, toAt: ms + 1, measurements: ['report'], site, device };
          const rows = await reader.rows(from(where));
          expect(rows.map((row) => [row['_field'], row['site'], row['device'], row['_value']])).toEqual(
            [
              [name, site, device, value],
              ['number', site, device, number + 0],
              ['whole', site, device, run * 2 ** 40],
            ].sort(([a], [b]) => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is the same when it is written again', async () => {
    const batch = {
      samples: [sample(), sample({ revision: 1 }), sample({ periodMs: 15 * MINUTE_MS })],
      means: [mean(), mean({ state: 'revised', mean: 1 }), mean({ state: 'revised', mean: 2 })],
      findings: [1, 2, 3].map((revision) => finding({ revision })),
    };
    expect(await store.write(batch)).toEqual([]);
    const before = await dump(settings);
    // Nothing here is two lines of one place: three reports with 2 × 3 fields about receipts and flags, and so on.
    expect(before.length).toBeGreaterThan(60);
    expect(await store.write(batch)).toEqual([]);
    expect(await store.write({ ...empty, findings: batch.findings })).toEqual([]);
    expect(await dump(settings)).toEqual(before);
  });

  it('holds every form of a mean and every revision of a finding', async () => {
    const means = [mean(), ...[1, 2, 3].map((value) => mean({ state: 'revised', mean: value }))];
    const findings = [1, 2, 3].map((revision) => finding({ revision }));
    for (const one of means) await store.write({ ...empty, means: [one] });
    await store.write({ ...empty, findings });
    const bodies = async (measurement: string, field: string): Promise<unknown[]> => {
      const where = { bucket: settings.bucket, fromAt: T0, toAt: T0 + 1_000, measurements: [measurement] };
      const rows = await reader.rows(from({ ...where, site: 'demo-cement', fields: [field] }));
      return rows.map((row) => JSON.parse(String(row['_value'])) as unknown);
    };
    expect(await bodies('mean_PT1H', 'nox__body')).toEqual([means[0]]);
    expect(await bodies('mean_revised_PT1H', 'nox__body')).toEqual(expect.arrayContaining(means.slice(1)));
    expect(await bodies('mean_newest_PT1H', 'nox__body')).toEqual([means[3]]);
    expect(await bodies('finding', 'body')).toEqual(findings);
  });
});

describe('what the server refuses', () => {
  it('is found among thousands, and the rest is in', async () => {
    // Somebody else made a field of the name with another type; types are kept for each shard, which is a week.
    const nextDay = T0 + 1_500 * MINUTE_MS;
    expect(await writer.write([`report,site=demo-cement,device=cems-1 nox="text" ${nextDay}000000`])).toEqual([]);
    const samples = Array.from({ length: 3_000 }, (_, i) =>
      sample({ ts: T0 + i * MINUTE_MS, signals: i === 2_000 ? ['so2', 'nox'] : ['so2'], values: [1, 2], flags: 'NN' }),
    ).map((one) => ({ ...one, values: one.values.slice(0, one.signals.length) }));
    const refused = await store.write({ ...empty, samples });
    expect(refused).toEqual([
      {
        item: samples[2_000],
        line: expect.stringContaining('nox=2') as string,
        reason: expect.stringContaining('field type conflict') as string,
      },
    ]);
    const query = { site: 'demo-cement', device: 'cems-1', signal: 'so2', maxPoints: 5_000 };
    const answer = await store.series({ ...query, fromAt: T0, toAt: T0 + 3_000 * MINUTE_MS });
    expect(answer.points).toHaveLength(2_999);
  });

  it('is told with the item it belongs to where it never became a line', async () => {
    const bad = sample({ site: 'a\nb' });
    const [refused, ...others] = await store.write({ ...empty, samples: [sample(), bad, sample({ periodMs: 5 })] });
    expect(refused).toMatchObject({ item: bad, line: '' });
    expect(others).toMatchObject([{ reason: 'no report has a period of 5 ms' }]);
  });

  it('is all that is older than the bucket keeps, without looking for each', async (context) => {
    const short = new InfluxSeriesStore(await newBucket(needInflux(context), 3_600));
    const now = Date.now();
    const samples = [now - 7_200_000, now - 7_300_000, now].map((ts) => sample({ ts }));
    const refused = await short.write({ ...empty, samples });
    expect(refused.map(({ item }) => item)).toEqual(samples.slice(0, 2));
  });
});

describe('a server that will not', () => {
  it('have the token', async () => {
    const store = new InfluxSeriesStore({ ...settings, token: 'other' });
    await expect(store.expectWritable()).rejects.toThrow(ConfigError);
    await expect(store.latest('a')).rejects.toThrow(/influxToken/);
  });

  it('know the bucket', async () => {
    const store = new InfluxSeriesStore({ ...settings, bucket: 'nowhere' });
    await expect(store.expectWritable()).rejects.toThrow(/influx bucket create --org stackwarden --name nowhere/);
    await expect(store.latest('a')).rejects.toThrow(ConfigError);
  });

  it('is no trouble where everything is right', async () => {
    await expect(store.expectWritable()).resolves.toBeUndefined();
  });
});

it('a question stays a question whatever the names in it are', async () => {
  const nasty = `") |> yield() //\${1}\\`;
  await store.write({ ...empty, samples: [sample()] });
  const range = { fromAt: T0, toAt: T0 + 1, maxPoints: 10 };
  expect(await store.series({ site: nasty, device: nasty, signal: nasty, ...range })).toEqual({
    kind: 'raw',
    points: [],
  });
  expect(await store.latest(nasty)).toEqual([]);
});
