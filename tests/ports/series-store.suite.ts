/** What every series store must do with what detection made. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { InputError } from '../../contracts/errors.ts';
import type { Sample } from '../../contracts/ports/detection-store.ts';
import type { SeriesQuery } from '../../contracts/ports/read-model.ts';
import type { SeriesBatch, SeriesStore } from '../../contracts/ports/series-store.ts';
import { DAY_MS, finding, HOUR_MS, mean, MINUTE_MS, sample, T0 } from './builders.ts';
import { anySamples } from './any-samples.ts';

export interface SeriesStoreUnderTest {
  readonly store: SeriesStore;
  readonly close: () => Promise<void>;
}

function soTwo(fields: Partial<SeriesQuery> = {}): SeriesQuery {
  const device = { site: 'demo-cement', device: 'cems-1', signal: 'so2' };
  return { ...device, fromAt: T0, toAt: T0 + DAY_MS, maxPoints: 10_000, ...fields };
}

const batch = (fields: Partial<SeriesBatch>): SeriesBatch => ({ samples: [], means: [], findings: [], ...fields });

export function describeSeriesStore(
  name: string,
  open: (context: TestContext) => Promise<SeriesStoreUnderTest>,
  reference?: () => Promise<SeriesStoreUnderTest>,
): void {
  describe(`series store: ${name}`, () => {
    let under: SeriesStoreUnderTest | undefined;
    let store: SeriesStore;
    beforeEach(async (context) => {
      under = await open(context);
      ({ store } = under);
    });
    afterEach(async () => {
      await under?.close();
      under = undefined;
    });
    const put = async (...samples: Sample[]): Promise<void> => {
      expect(await store.write(batch({ samples }))).toEqual([]);
    };

    it('answers with nothing where nothing is', async () => {
      expect(await store.series(soTwo())).toEqual({ kind: 'raw', points: [] });
      expect(await store.series(soTwo({ everyMs: HOUR_MS }))).toEqual({ kind: 'rolled', everyMs: HOUR_MS, points: [] });
      expect(await store.series(soTwo({ toAt: T0 }))).toEqual({ kind: 'raw', points: [] });
      expect(await store.latest('demo-cement')).toEqual([]);
      expect(await store.write(batch({}))).toEqual([]);
    });

    it('takes samples, means and findings, and the same again', async () => {
      const all = batch({
        samples: [sample(), sample({ signals: [], values: [], flags: '' })],
        means: [mean(), mean({ state: 'revised', mean: 7 }), mean({ outlet: '', mean: null, converted: null })],
        findings: [finding(), finding({ revision: 2 }), finding({ id: 'f-2', subject: { line: 'kiln-1' } })],
      });
      expect(await store.write(all)).toEqual([]);
      const before = await store.series(soTwo());
      expect(await store.write(all)).toEqual([]);
      expect(await store.series(soTwo())).toEqual(before);
      expect(before.points).toHaveLength(1);
    });

    it('never lets a later value take the place of the first', async () => {
      await put(sample({ revision: 2, received: T0 + 3, values: [77, 1, 1], flags: 'NNN' }), sample());
      await put(sample({ revision: 1, received: T0 + 2, values: [99, 1, 1], flags: 'DNN' }));
      const point = { ts: T0, periodMs: 0 };
      expect(await store.series(soTwo())).toEqual({
        kind: 'raw',
        points: [
          { ...point, value: 12.3, flag: 'N', received: T0 + 1_234, revision: 0 },
          { ...point, value: 99, flag: 'D', received: T0 + 2, revision: 1 },
          { ...point, value: 77, flag: 'N', received: T0 + 3, revision: 2 },
        ],
      });
      expect((await store.series(soTwo({ everyMs: HOUR_MS }))).points).toMatchObject([{ count: 1, sum: 12.3 }]);
      expect(await store.latest('demo-cement')).toMatchObject([{ signal: 'nox' }, { signal: 'o2' }, { value: 12.3 }]);
    });

    it('keeps each receipt where one instant came in several reports', async () => {
      await put(sample({ signals: ['so2', 'flow'], values: [1, 2], flags: 'NN', received: T0 + 10 }));
      await put(sample({ signals: ['nox', 'temp'], values: [3, 4], flags: 'MN', received: T0 + 20 }));
      await put(sample({ signals: ['co'], values: [5], flags: 'N', received: T0 + 30 }));
      const received = await Promise.all(
        ['so2', 'flow', 'nox', 'temp', 'co'].map(async (signal) => (await store.series(soTwo({ signal }))).points[0]),
      );
      expect(received).toMatchObject([10, 10, 20, 20, 30].map((ms) => ({ received: T0 + ms })));
      expect(await store.latest('demo-cement')).toMatchObject([
        { signal: 'co', received: T0 + 30 },
        { signal: 'flow', received: T0 + 10 },
        { signal: 'nox', received: T0 + 20, flag: 'M' },
        { signal: 'so2', received: T0 + 10 },
        { signal: 'temp', received: T0 + 20, flag: 'N' },
      ]);
    });

    it('knows the receipt of a last value that its device no longer sends with the others', async () => {
      await put(sample({ signals: ['nox', 'temp'], values: [1, 90], flags: 'NM', received: T0 + 5 }));
      await put(sample({ ts: T0 + MINUTE_MS, signals: ['nox'], values: [2], flags: 'N', received: T0 + 60_005 }));
      expect(await store.latest('demo-cement')).toEqual([
        {
          device: 'cems-1',
          signal: 'nox',
          ts: T0 + MINUTE_MS,
          periodMs: 0,
          value: 2,
          flag: 'N',
          received: T0 + 60_005,
        },
        { device: 'cems-1', signal: 'temp', ts: T0, periodMs: 0, value: 90, flag: 'M', received: T0 + 5 },
      ]);
    });

    it('refuses more points than asked for, and to roll a text up', async () => {
      await put(...Array.from({ length: 100 }, (_, i) => sample({ ts: T0 + i * MINUTE_MS })));
      await put(sample({ signals: ['picture-hash'], values: ['画面, "a"\n'], flags: 'N' }));
      const query = soTwo({ toAt: T0 + 100 * MINUTE_MS, maxPoints: 99 });
      await expect(store.series(query)).rejects.toThrow(/more than 99 points .* use every=PT5M/);
      expect((await store.series({ ...query, maxPoints: 100 })).points).toHaveLength(100);
      await expect(store.series({ ...query, maxPoints: 19, everyMs: 5 * MINUTE_MS })).rejects.toThrow(InputError);
      await expect(store.series({ ...query, everyMs: 0 })).rejects.toThrow(InputError);
      const text = soTwo({ signal: 'picture-hash' });
      expect((await store.series(text)).points).toMatchObject([{ value: '画面, "a"\n' }]);
      await expect(store.series({ ...text, everyMs: HOUR_MS })).rejects.toThrow(/picture-hash is text/);
    });

    if (reference === undefined) return;
    it('adds up long windows to the last bit as the embedded store does', async () => {
      const other = await reference();
      // Eight days: more than the server keeps in one shard, and many of its blocks.
      const samples = Array.from({ length: 11_520 }, (_, i) =>
        sample({ ts: T0 + i * MINUTE_MS, signals: ['so2'], values: [Math.sin(i) * 10 ** (i % 9)], flags: 'N' }),
      );
      for (const one of [store, other.store]) expect(await one.write(batch({ samples }))).toEqual([]);
      for (const everyMs of [HOUR_MS, DAY_MS, 30 * DAY_MS]) {
        const query = soTwo({ toAt: T0 + 8 * DAY_MS, everyMs });
        expect(await store.series(query)).toEqual(await other.store.series(query));
      }
      await other.close();
    });

    it('answers as the embedded store does, whatever came in which order and how often', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(anySamples(), async ({ samples, written, queries }) => {
          const site = `site-${(run += 1)}`;
          const other = await reference();
          try {
            for (const one of [store, other.store])
              for (const part of written) {
                const some = part.map((index) => ({ ...samples[index]!, site }));
                expect(await one.write(batch({ samples: some }))).toEqual([]);
              }
            for (const query of queries)
              expect(await store.series({ ...query, site })).toEqual(await other.store.series({ ...query, site }));
            expect(await store.latest(site)).toEqual(await other.store.latest(site));
          } finally {
            await other.close();
          }
        }),
        { numRuns: Number(process.env['STACKWARDEN_TEST_RUNS'] ?? 60) },
      );
    }, 300_000);
  });
}
