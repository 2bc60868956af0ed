/** What every log must do, whichever technology is behind it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../contracts/log-record.ts';
import type { Log } from '../../contracts/ports/log.ts';
import { everyKindOfEntry, reportEntry, T0 } from './builders.ts';

export interface LogUnderTest {
  readonly log: Log;
  /** Closes it and opens it again on the same storage; absent where nothing outlives it. */
  readonly reopen?: () => Promise<Log>;
  readonly close: () => Promise<void>;
}

function numbered(count: number, sites = 7): LogEntry[] {
  return Array.from({ length: count }, (_, i) =>
    reportEntry({ received: T0 + i, site: `site-${i % sites}`, device: `d-${i % 3}`, body: `{"n":${i}}` }),
  );
}

export function describeLog(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`log: ${name}`, () => {
    let under: LogUnderTest;
    let log: Log;
    beforeEach(async () => {
      under = await open();
      log = under.log;
    });
    afterEach(async () => {
      await under.close();
    });

    it('is empty at first', async () => {
      expect(await log.bounds()).toEqual({ first: 0, next: 0 });
      expect(await log.read(0, 10)).toEqual([]);
      expect(await log.readSite('demo-cement', 0, 10)).toEqual([]);
    });

    it('gives back every kind of entry as it was, in order, at ascending offsets', async () => {
      const entries = everyKindOfEntry(T0);
      expect(await log.append(entries)).toBe(0);
      expect(await log.read(0, 100)).toEqual(entries.map((entry, offset) => ({ ...entry, offset })));
    });

    it('tells the offset of the first entry of each append', async () => {
      expect(await log.append(numbered(3))).toBe(0);
      expect(await log.append([])).toBe(3);
      expect(await log.append(numbered(2))).toBe(3);
      expect(await log.bounds()).toEqual({ first: 0, next: 5 });
    });

    it('keeps the order of appends that were not waited for', async () => {
      const entries = numbered(50);
      const offsets = await Promise.all(entries.map((entry) => log.append([entry])));
      const records = await log.read(0, 100);
      expect(offsets.map((offset) => records[offset])).toEqual(
        entries.map((entry, i) => ({ ...entry, offset: offsets[i] })),
      );
    });

    it('reads from any offset and never more than asked for', async () => {
      await log.append(numbered(10));
      await log.append(numbered(10));
      expect((await log.read(4, 3)).map(({ offset }) => offset)).toEqual([4, 5, 6]);
      expect((await log.read(8, 5)).map(({ offset }) => offset)).toEqual([8, 9, 10, 11, 12]);
      expect((await log.read(18, 100)).map(({ offset }) => offset)).toEqual([18, 19]);
      expect(await log.read(20, 5)).toEqual([]);
      expect(await log.read(3, 0)).toEqual([]);
    });

    it('reads the same whatever the steps are', async () => {
      for (const size of [1, 7, 2_500, 3]) await log.append(numbered(size));
      const all = await log.read(0, 10_000);
      expect(all).toHaveLength(2_511);
      for (const step of [1_000, 999, 64]) {
        const stepped = [];
        for (let from = 0; from < 2_511; from += step) stepped.push(...(await log.read(from, step)));
        expect(stepped).toEqual(all);
      }
    });

    it('never lets `received` fall below the entry before', async () => {
      await log.append([reportEntry({ received: T0 + 500 }), reportEntry({ received: T0 + 200 })]);
      await log.append([reportEntry({ received: T0 + 100 }), reportEntry({ received: T0 + 900 })]);
      expect((await log.read(0, 4)).map(({ received }) => received - T0)).toEqual([500, 500, 500, 900]);
    });

    it('reads the reports of one site only, within the bounds given', async () => {
      await log.append([...everyKindOfEntry(T0), ...numbered(3_000)]);
      const all = await log.read(0, 10_000);
      const expected = all.filter((record) => record.kind === 'report' && record.site === 'site-3');
      expect(await log.readSite('site-3', 0, 10_000)).toEqual(expected);
      const [from = 0, to = 0] = [expected[5]?.offset, expected[100]?.offset];
      expect(await log.readSite('site-3', from, to)).toEqual(expected.slice(5, 100));
      expect(await log.readSite('nowhere', 0, 10_000)).toEqual([]);
      expect(await log.readSite('site-3', 8_000, 10_000)).toEqual([]);
    });

    it('finds what was appended after a site was read before', async () => {
      await log.append(numbered(10));
      await log.readSite('site-1', 0, 100);
      await log.append(numbered(10));
      expect((await log.readSite('site-1', 0, 100)).map(({ offset }) => offset)).toEqual([1, 8, 11, 18]);
    });

    it('takes entries of very different length', async () => {
      const bodies = ['', 'x'.repeat(3_000_000), '企业'.repeat(700_000), '{}', 'y'.repeat(3_000_000)];
      const entries = bodies.map((body) => reportEntry({ body }));
      await log.append(entries);
      expect(await log.read(0, 10)).toEqual(entries.map((entry, offset) => ({ ...entry, offset })));
    });

    it('goes on after it was closed and opened again', async (context) => {
      if (under.reopen === undefined) return context.skip('nothing outlives this implementation');
      await log.append(numbered(40_000));
      await log.append([reportEntry({ received: T0 + 90_000 })]);
      const before = await log.read(39_990, 20);
      const site = await log.readSite('site-2', 0, 50_000);
      log = await under.reopen();
      expect(await log.bounds()).toEqual({ first: 0, next: 40_001 });
      expect(await log.read(39_990, 20)).toEqual(before);
      expect(await log.readSite('site-2', 0, 50_000)).toEqual(site);
      expect(await log.append([reportEntry({ received: T0 })])).toBe(40_001);
      expect((await log.read(40_001, 1))[0]?.received).toBe(T0 + 90_000);
    });
  });
}
