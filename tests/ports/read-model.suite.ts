/** What every read model must answer about what a detection store stored. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../contracts/errors.ts';
import type { DetectionStore } from '../../contracts/ports/detection-store.ts';
import type { Log } from '../../contracts/ports/log.ts';
import type { FindingFilter, Page, ReadModel, SeriesQuery } from '../../contracts/ports/read-model.ts';
import {
  commit,
  DAY_MS,
  deadLetter,
  finding,
  HOUR_MS,
  instant,
  mark,
  mean,
  MINUTE_MS,
  order,
  reportEntry,
  rule,
  sample,
  T0,
} from './builders.ts';

export interface ReadModelUnderTest {
  readonly log: Log;
  readonly store: DetectionStore;
  readonly model: ReadModel;
  readonly close: () => Promise<void>;
}

async function everyPage<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

function soTwo(fields: Partial<SeriesQuery> = {}): SeriesQuery {
  return {
    site: 'demo-cement',
    device: 'cems-1',
    signal: 'so2',
    fromAt: T0,
    toAt: T0 + DAY_MS,
    maxPoints: 10_000,
    ...fields,
  };
}

export function describeReadModel(name: string, open: () => Promise<ReadModelUnderTest>): void {
  describe(`read model: ${name}`, () => {
    let under: ReadModelUnderTest;
    let store: DetectionStore;
    let model: ReadModel;
    beforeEach(async () => {
      under = await open();
      ({ store, model } = under);
    });
    afterEach(async () => {
      await under.close();
    });

    const ids = async (filter: FindingFilter, districts?: string[]): Promise<string[]> => {
      const who = districts === undefined ? {} : { districts };
      return (await model.findings(filter, { limit: 100 }, who)).items.map(({ id }) => id).sort();
    };

    it('answers with nothing where nothing is', async () => {
      expect(await model.findings({}, { limit: 10 }, {})).toEqual({ items: [], next: null });
      expect(await model.finding('x', {})).toBeUndefined();
      expect(await model.findingRevisions('x', {})).toEqual([]);
      expect(await model.latest('x')).toEqual([]);
      expect(await model.series(soTwo())).toEqual({ kind: 'raw', points: [] });
      expect(await model.series(soTwo({ everyMs: HOUR_MS }))).toEqual({ kind: 'rolled', everyMs: HOUR_MS, points: [] });
      expect(await model.orders()).toEqual([]);
      expect(await model.rules()).toEqual([]);
      expect(await model.changes(0, 10)).toEqual([]);
      expect(await model.changeBounds()).toEqual({ first: 0, last: 0 });
      expect(await model.tally()).toEqual({ counts: {}, lagRecords: 0, oldestUnprocessedAt: null });
    });

    describe('findings', () => {
      it('are given back as they were stored', async () => {
        await store.commit(commit({ findings: [finding()] }));
        expect(await model.finding('f-1', {})).toEqual(finding());
        expect(await model.findings({}, { limit: 10 }, {})).toEqual({ items: [finding()], next: null });
      });

      it('stand in their highest revision, whatever the order in which they came', async () => {
        const revisions = [1, 2, 3].map((revision) => finding({ revision, severity: revision === 3 ? 'low' : 'high' }));
        await store.commit(commit({ findings: [revisions[0]!, revisions[2]!] }));
        await store.commit(commit({ findings: [revisions[1]!] }));
        expect((await model.finding('f-1', {}))?.revision).toBe(3);
        expect(await model.findingRevisions('f-1', {})).toEqual(revisions);
        expect(await ids({ severities: ['low'] })).toEqual(['f-1']);
        expect(await ids({ severities: ['high'] })).toEqual([]);
      });

      it('do not change when the same is committed again', async () => {
        const batch = commit({ findings: [finding(), finding({ revision: 2, state: 'closed', end: instant(T0) })] });
        await store.commit(batch);
        const before = [await model.findingRevisions('f-1', {}), await model.changes(0, 100)];
        await store.commit(batch);
        expect([await model.findingRevisions('f-1', {}), await model.changes(0, 100)]).toEqual(before);
      });

      it('come newest first, and pages neither repeat nor miss one while others arrive', async () => {
        const at = (i: number): string => instant(T0 + Math.floor(i / 3) * MINUTE_MS);
        const made = Array.from({ length: 20 }, (_, i) =>
          finding({ id: `f-${String(i).padStart(2, '0')}`, detectedAt: at(i) }),
        );
        await store.commit(commit({ findings: made }));
        let late = 0;
        const paged = await everyPage(async (cursor) => {
          const page = await model.findings({}, { limit: 3, ...(cursor === undefined ? {} : { cursor }) }, {});
          await store.commit(
            commit({ findings: [finding({ id: `late-${late++}`, detectedAt: instant(T0 + DAY_MS) })] }),
          );
          return page;
        });
        const expected = made.toSorted((a, b) =>
          a.detectedAt === b.detectedAt ? (a.id < b.id ? -1 : 1) : a.detectedAt < b.detectedAt ? 1 : -1,
        );
        expect(paged.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      });

      it('are filtered by each field, and by all together', async () => {
        await store.commit(
          commit({
            findings: [
              finding({ id: 'a' }),
              finding({ id: 'b', rule: 'limit.hour', category: 'exceedance', severity: 'critical' }),
              finding({ id: 'c', site: 'steel', district: 'gongyi', state: 'withdrawn' }),
            ],
          }),
        );
        expect(await ids({})).toEqual(['a', 'b', 'c']);
        expect(await ids({ rules: ['limit.hour', 'limit.day'] })).toEqual(['b']);
        expect(await ids({ categories: ['falsification'] })).toEqual(['a', 'c']);
        expect(await ids({ states: ['withdrawn', 'closed'] })).toEqual(['c']);
        expect(await ids({ severities: ['critical', 'high'] })).toEqual(['a', 'b', 'c']);
        expect(await ids({ sites: ['steel'] })).toEqual(['c']);
        expect(await ids({ districts: ['xinmi'], categories: ['falsification'] })).toEqual(['a']);
        expect(await ids({ sites: [] })).toEqual([]);
      });

      it('fit a range where their behaviour overlaps it; what has no end goes on', async () => {
        const span = (id: string, from: number, to: number | null) =>
          finding({ id, start: instant(T0 + from * HOUR_MS), end: to === null ? null : instant(T0 + to * HOUR_MS) });
        await store.commit(
          commit({ findings: [span('early', 0, 2), span('open', 1, null), span('point', 4, 4), span('late', 5, 6)] }),
        );
        const within = (from: number, to: number) => ids({ fromAt: T0 + from * HOUR_MS, toAt: T0 + to * HOUR_MS });
        expect(await within(0, 1)).toEqual(['early']);
        expect(await within(1, 2)).toEqual(['early', 'open']);
        expect(await within(2, 4)).toEqual(['open']);
        expect(await within(4, 5)).toEqual(['open', 'point']);
        expect(await within(3, 9)).toEqual(['late', 'open', 'point']);
        expect(await ids({ fromAt: T0 + 6 * HOUR_MS })).toEqual(['open']);
        expect(await ids({ toAt: T0 + HOUR_MS })).toEqual(['early']);
      });

      it('are invisible outside the districts of who asks', async () => {
        await store.commit(commit({ findings: [finding({ id: 'a' }), finding({ id: 'b', district: 'gongyi' })] }));
        expect(await ids({}, ['gongyi'])).toEqual(['b']);
        expect(await ids({ districts: ['xinmi'] }, ['gongyi'])).toEqual([]);
        expect(await ids({}, [])).toEqual([]);
        expect(await model.finding('a', { districts: ['gongyi'] })).toBeUndefined();
        expect(await model.findingRevisions('a', { districts: ['gongyi'] })).toEqual([]);
        expect(await model.finding('b', { districts: ['gongyi', 'xinmi'] })).toBeDefined();
      });

      it('are refused under a cursor that is not theirs', async () => {
        const marks = Array.from({ length: 3 }, (_, i) => mark({ id: `m-${i}` }));
        await store.commit(commit({ marks }));
        const { next } = await model.marks(undefined, { limit: 1 });
        for (const cursor of ['nonsense', '', 'e30', next ?? '']) {
          await expect(model.findings({}, { limit: 3, cursor }, {})).rejects.toThrow(InputError);
        }
      });
    });

    describe('means', () => {
      it('are given back as they were stored, in the order of time, the newest form of each', async () => {
        const hours = [2, 0, 1].map((hour) => mean({ start: instant(T0 + hour * HOUR_MS), signal: 'nox' }));
        await store.commit(commit({ means: [...hours, mean({ signal: 'so2' })] }));
        await store.commit(commit({ means: [mean({ mean: 90.5 })] }));
        const filter = { site: 'demo-cement', fromAt: T0, toAt: T0 + DAY_MS };
        const nox = await everyPage((cursor) =>
          model.means({ ...filter, signal: 'nox' }, { limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
        );
        expect(nox).toEqual([mean({ mean: 90.5 }), hours[2], hours[0]]);
        expect((await model.means(filter, { limit: 10 })).items).toHaveLength(4);
      });

      it('are final ten minutes after their end without anybody writing that down', async () => {
        const long = mean({ state: 'provisional', start: instant(0), end: instant(HOUR_MS) });
        const end = Date.now() + HOUR_MS;
        const running = mean({ state: 'provisional', start: instant(end - HOUR_MS), end: instant(end) });
        await store.commit(commit({ means: [long, running] }));
        const filter = { site: 'demo-cement', fromAt: 0, toAt: end };
        const { items } = await model.means(filter, { limit: 10 });
        expect(items.map(({ state }) => state)).toEqual(['final', 'provisional']);
      });

      it('count as revised only where they came out differently', async () => {
        await store.commit(commit({ means: [mean()] }));
        const filter = { site: 'demo-cement', fromAt: T0, toAt: T0 + DAY_MS };
        await store.commit(commit({ means: [mean({ state: 'revised' })] }));
        expect((await model.means(filter, { limit: 10 })).items).toEqual([mean()]);
        const changed = mean({ state: 'revised', mean: 91 });
        await store.commit(commit({ means: [changed] }));
        expect((await model.means(filter, { limit: 10 })).items).toEqual([changed]);
      });

      it('are filtered by outlet, signal, average and range', async () => {
        const day = mean({ average: 'P1D' });
        const meter = mean({ outlet: '', device: 'm-kiln', signal: 'power' });
        const other = mean({ outlet: '', device: 'm-bag', signal: 'power' });
        await store.commit(commit({ means: [mean(), day, meter, other] }));
        const filter = { site: 'demo-cement', fromAt: T0, toAt: T0 + HOUR_MS };
        expect((await model.means({ ...filter, average: 'P1D' }, { limit: 10 })).items).toEqual([day]);
        expect((await model.means({ ...filter, outlet: '' }, { limit: 10 })).items).toEqual([meter, other]);
        expect((await model.means({ ...filter, outlet: 'kiln-tail', signal: 'nox' }, { limit: 10 })).items).toEqual([
          mean(),
          day,
        ]);
        expect((await model.means({ ...filter, fromAt: T0 + 1 }, { limit: 10 })).items).toEqual([]);
        expect((await model.means({ ...filter, site: 'other' }, { limit: 10 })).items).toEqual([]);
      });
    });

    describe('series', () => {
      it('are raw, in the order of time, with flag, receipt and revision', async () => {
        await store.commit(
          commit({
            samples: [
              sample({ ts: T0 + MINUTE_MS, received: T0 + 90_000, values: [13, 1, 1], flags: 'MNN' }),
              sample(),
              sample({ revision: 1, received: T0 + HOUR_MS, values: [99, 1, 1], flags: 'NNN' }),
            ],
          }),
        );
        const point = { periodMs: 0, flag: 'N', revision: 0 };
        expect(await model.series(soTwo())).toEqual({
          kind: 'raw',
          points: [
            { ...point, ts: T0, value: 12.3, received: T0 + 1_234 },
            { ...point, ts: T0, value: 99, received: T0 + HOUR_MS, revision: 1 },
            { ...point, ts: T0 + MINUTE_MS, value: 13, flag: 'M', received: T0 + 90_000 },
          ],
        });
      });

      it('hold each value exactly, whatever number it is', async () => {
        const values = [0, -0.1, 1 / 3, 1e-9, 123_456_789.125, 1e21, -273.15, 0.1 + 0.2, 5e-324, 1e15 + 0.5, 12.30001];
        const samples = values.map((value, i) =>
          sample({ ts: T0 + i * 1_000, signals: ['so2'], values: [value], flags: 'N' }),
        );
        for (const part of samples) await store.commit(commit({ samples: [part] }));
        const { points } = await model.series(soTwo());
        expect(points.map((point) => ('value' in point ? point.value : undefined))).toEqual(values);
      });

      it('stay the same while samples are moved and come in any order and twice', async () => {
        // Enough for every store to have moved them from where it takes them in to where it keeps them.
        const count = 20_000;
        const samples = Array.from({ length: count }, (_, i) => {
          const n = (i * 7_919) % count;
          return sample({
            ts: T0 + n * MINUTE_MS,
            received: T0 + n * MINUTE_MS + 500,
            values: [n / 10, 1, 2],
            flags: n % 7 === 0 ? 'CNN' : 'NNN',
          });
        });
        for (let i = 0; i < count; i += 500) {
          await store.commit(commit({ samples: samples.slice(i, i + 500) }));
          if (i % 2_000 === 0) await store.commit(commit({ samples: samples.slice(i, i + 100) }));
        }
        const answer = await model.series(soTwo({ toAt: T0 + count * MINUTE_MS, maxPoints: count }));
        expect(answer).toEqual({
          kind: 'raw',
          points: samples
            .toSorted((a, b) => a.ts - b.ts)
            .map(({ ts, received, values, flags }) => ({
              ts,
              periodMs: 0,
              value: values[0],
              flag: flags[0],
              received,
              revision: 0,
            })),
        });
      });

      it('join reports of one instant that carry different signals', async () => {
        await store.commit(commit({ samples: [sample({ signals: ['so2'], values: [1], flags: 'N' })] }));
        await store.commit(
          commit({ samples: [sample({ signals: ['nox'], values: [2], flags: 'N', received: T0 + 9_000 })] }),
        );
        expect((await model.series(soTwo())).points).toHaveLength(1);
        expect((await model.series(soTwo({ signal: 'nox' }))).points).toMatchObject([
          { value: 2, received: T0 + 9_000 },
        ]);
      });

      it('roll up to windows that hold a value; gaps stay gaps', async () => {
        const at = [0, 1, 2, 10, 11];
        await store.commit(
          commit({
            samples: at.map((minute) =>
              sample({ ts: T0 + minute * MINUTE_MS, values: [minute, 0, 0], flags: minute === 1 ? 'MNN' : 'NNN' }),
            ),
          }),
        );
        await store.commit(commit({ samples: [sample({ revision: 1, values: [1_000, 0, 0] })] }));
        expect(await model.series(soTwo({ everyMs: 5 * MINUTE_MS }))).toEqual({
          kind: 'rolled',
          everyMs: 5 * MINUTE_MS,
          points: [
            { start: T0, count: 3, mean: 1, min: 0, max: 2, sum: 3, first: 0, last: 2, flagged: 1 },
            {
              start: T0 + 10 * MINUTE_MS,
              count: 2,
              mean: 10.5,
              min: 10,
              max: 11,
              sum: 21,
              first: 10,
              last: 11,
              flagged: 0,
            },
          ],
        });
      });

      it('begin their windows where the origin says, and hold nothing outside the range', async () => {
        await store.commit(
          commit({ samples: [0, 10, 20, 30].map((hour) => sample({ ts: T0 + hour * HOUR_MS, values: [hour, 0, 0] })) }),
        );
        const localMidnight = T0 - 8 * HOUR_MS;
        const query = soTwo({
          fromAt: T0 + HOUR_MS,
          toAt: T0 + 30 * HOUR_MS,
          everyMs: DAY_MS,
          originAt: localMidnight,
        });
        expect((await model.series(query)).points).toMatchObject([
          { start: localMidnight, count: 1, first: 10 },
          { start: localMidnight + DAY_MS, count: 1, first: 20 },
        ]);
      });

      it('take the finest period in the range, or the one asked for', async () => {
        const hourly = sample({ ts: T0, periodMs: HOUR_MS, values: [50, 0, 0] });
        const minutely = sample({ ts: T0 + 2 * HOUR_MS, periodMs: MINUTE_MS, values: [60, 0, 0] });
        await store.commit(commit({ samples: [hourly, minutely] }));
        expect((await model.series(soTwo())).points).toMatchObject([{ value: 60, periodMs: MINUTE_MS }]);
        expect((await model.series(soTwo({ toAt: T0 + HOUR_MS }))).points).toMatchObject([
          { value: 50, periodMs: HOUR_MS },
        ]);
        expect((await model.series(soTwo({ periodMs: HOUR_MS }))).points).toMatchObject([{ value: 50 }]);
        expect((await model.series(soTwo({ periodMs: 0 }))).points).toEqual([]);
      });

      it('give texts raw and refuse to roll them up', async () => {
        const samples = ['a1', '画面', ''].map((hash, i) =>
          sample({ ts: T0 + i * MINUTE_MS, signals: ['online', 'picture-hash'], values: [1, hash], flags: 'NN' }),
        );
        await store.commit(commit({ samples }));
        const query = soTwo({ signal: 'picture-hash' });
        expect((await model.series(query)).points).toMatchObject([{ value: 'a1' }, { value: '画面' }, { value: '' }]);
        await expect(model.series({ ...query, everyMs: HOUR_MS })).rejects.toThrow(/picture-hash is text/);
      });

      it('refuse more points than asked for, and say the way out', async () => {
        await store.commit(
          commit({ samples: Array.from({ length: 100 }, (_, i) => sample({ ts: T0 + i * MINUTE_MS })) }),
        );
        const query = soTwo({ toAt: T0 + 100 * MINUTE_MS, maxPoints: 99 });
        await expect(model.series(query)).rejects.toThrow(InputError);
        await expect(model.series(query)).rejects.toThrow(/use every=PT5M/);
        expect((await model.series({ ...query, maxPoints: 100 })).points).toHaveLength(100);
        expect((await model.series({ ...query, everyMs: 5 * MINUTE_MS })).points).toHaveLength(20);
        await expect(model.series({ ...query, maxPoints: 19, everyMs: 5 * MINUTE_MS })).rejects.toThrow(
          /use every=PT10M/,
        );
      });
    });

    it('knows the latest value of every signal of a site, disputed ones aside', async () => {
      const cems = (minute: number, fields = {}) =>
        sample({ ts: T0 + minute * MINUTE_MS, received: T0 + minute * MINUTE_MS, values: [minute, 1, 2], ...fields });
      for (let i = 0; i < 300; i += 1) {
        await store.commit(commit({ samples: Array.from({ length: 60 }, (_, k) => cems(60 * i + k)) }));
      }
      const last = 300 * 60 - 1;
      const meter = sample({
        device: 'meter',
        periodMs: 15 * MINUTE_MS,
        ts: T0,
        signals: ['power'],
        values: [7],
        flags: 'N',
      });
      const rare = cems(100, { signals: ['temp'], values: [90], flags: 'N' });
      await store.commit(commit({ samples: [cems(last, { revision: 1, values: [999, 1, 2] }), cems(3), meter, rare] }));
      await store.commit(commit({ samples: [sample({ site: 'other' })] }));
      const latest = await model.latest('demo-cement');
      expect(latest.map(({ device, signal, value }) => [device, signal, value])).toEqual([
        ['cems-1', 'nox', 1],
        ['cems-1', 'o2', 2],
        ['cems-1', 'so2', last],
        ['cems-1', 'temp', 90],
        ['meter', 'power', 7],
      ]);
      expect(latest[2]).toEqual({
        device: 'cems-1',
        signal: 'so2',
        ts: T0 + last * MINUTE_MS,
        periodMs: 0,
        value: last,
        flag: 'N',
        received: T0 + last * MINUTE_MS,
      });
    });

    it('lists orders and rules, the newest form of each', async () => {
      await store.commit(commit({ orders: [order(), order({ id: 'second' })], rules: [rule('limit.hour')] }));
      await store.commit(
        commit({ orders: [order({ to: instant(T0 + DAY_MS) })], rules: [rule('limit.day'), rule('limit.hour')] }),
      );
      const orders = await model.orders();
      expect(orders.toSorted((a, b) => (a.order.id < b.order.id ? -1 : 1))).toEqual([
        order({ to: instant(T0 + DAY_MS) }),
        order({ id: 'second' }),
      ]);
      expect(await model.rules()).toEqual([rule('limit.day'), rule('limit.hour')]);
    });

    it('lists marks of a site or of all, the last declared first', async () => {
      const made = [0, 1, 2, 3].map((i) =>
        mark({
          id: `m-${i}`,
          declaredAt: T0 + i,
          mark: { site: i === 1 ? 'other' : 'demo-cement', state: 'stopped', from: instant(T0) },
        }),
      );
      await store.commit(commit({ marks: made }));
      const all = await everyPage((cursor) =>
        model.marks(undefined, { limit: 3, ...(cursor === undefined ? {} : { cursor }) }),
      );
      expect(all).toEqual(made.toReversed());
      expect((await model.marks('other', { limit: 10 })).items).toEqual([made[1]]);
    });

    it('lists dead letters by reason, state and receipt, and gives each by its id', async () => {
      const made = [
        deadLetter({ id: 'a' }),
        deadLetter({ id: 'b', received: T0 + 1, reason: 'clock-future', state: 'quarantined' }),
      ];
      await store.commit(commit({ deadLetters: made }));
      expect((await model.deadLetters({}, { limit: 10 })).items).toEqual(made.toReversed());
      expect((await model.deadLetters({ reasons: ['site-unknown'] }, { limit: 10 })).items).toEqual([made[0]]);
      expect((await model.deadLetters({ states: ['quarantined', 'redriven'] }, { limit: 10 })).items).toEqual([
        made[1],
      ]);
      expect((await model.deadLetters({ fromAt: T0 + 1, toAt: T0 + 2 }, { limit: 10 })).items).toEqual([made[1]]);
      expect(await model.deadLetter('a')).toEqual(made[0]);
      await store.commit(commit({ deadLetters: [{ ...made[1]!, state: 'taken-in' }] }));
      expect((await model.deadLetter('b'))?.state).toBe('taken-in');
      await store.commit(commit({ redriven: ['a', 'unknown'] }));
      await store.commit(commit({ redriven: ['a'] }));
      expect((await model.deadLetter('a'))?.state).toBe('redriven');
      expect(await model.changes(0, 10)).toHaveLength(4);
      expect(await model.deadLetter('c')).toBeUndefined();
    });

    it('tells what changed, in order, once for each change', async () => {
      await store.commit(
        commit({ findings: [finding(), finding({ revision: 2 })], orders: [order()], marks: [mark()] }),
      );
      await store.commit(commit({ orders: [order()], marks: [mark()], deadLetters: [deadLetter()] }));
      const changes = await model.changes(0, 100);
      expect(changes.map(({ type, site, district }) => [type, site, district])).toEqual([
        ['finding', 'demo-cement', 'xinmi'],
        ['finding', 'demo-cement', 'xinmi'],
        ['order', null, null],
        ['mark', 'demo-cement', null],
        ['dead-letter', null, null],
      ]);
      expect(changes.slice(0, 2).map(({ body }) => JSON.parse(body) as unknown)).toEqual([
        finding(),
        finding({ revision: 2 }),
      ]);
      const seqs = changes.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      expect(await model.changes(seqs[1]!, 2)).toEqual(changes.slice(2, 4));
      expect(await model.changeBounds()).toEqual({ first: seqs[0], last: seqs.at(-1) });
    });

    it('adds up counters and tells how far detection is behind the log', async () => {
      await under.log.append([0, 1, 2].map((i) => reportEntry({ received: T0 + i })));
      await store.commit(commit({ nextOffset: 1, counts: { stored: 2, repeats: 1 } }));
      await store.commit(commit({ nextOffset: 1, counts: { stored: 3 } }));
      expect(await model.tally()).toEqual({
        counts: { stored: 5, repeats: 1 },
        lagRecords: 2,
        oldestUnprocessedAt: T0 + 1,
      });
    });
  });
}
