/** What every detection store must do. What it stored is looked at through the read model, in its own suite. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DetectionStore } from '../../contracts/ports/detection-store.ts';
import { commit, finding, mean, sample } from './builders.ts';

export interface DetectionStoreUnderTest {
  readonly store: DetectionStore;
  /** Closes it and opens it again on the same storage; absent where nothing outlives it. */
  readonly reopen?: () => Promise<DetectionStore>;
  readonly close: () => Promise<void>;
}

export function describeDetectionStore(name: string, open: () => Promise<DetectionStoreUnderTest>): void {
  describe(`detection store: ${name}`, () => {
    let under: DetectionStoreUnderTest;
    let store: DetectionStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(async () => {
      await under.close();
    });

    it('begins at offset 0 without state', async () => {
      expect(await store.nextOffset()).toBe(0);
      expect(await store.readState('')).toEqual([]);
    });

    it('moves the offset with every commit, one that holds nothing else included', async () => {
      await store.commit(commit({ nextOffset: 17 }));
      expect(await store.nextOffset()).toBe(17);
      await store.commit(commit({ nextOffset: 18, findings: [finding()], means: [mean()], samples: [sample()] }));
      expect(await store.nextOffset()).toBe(18);
    });

    it('reads state by prefix, sorted by key, and only under that prefix', async () => {
      const keys = ['site/b', 'site/a', 'site', 'sites', 'other', 'site/a/2', 'site/企业'];
      await store.commit(commit({ state: keys.map((key) => ({ key, value: `of ${key}` })) }));
      expect((await store.readState('site/')).map(({ key }) => key)).toEqual([
        'site/a',
        'site/a/2',
        'site/b',
        'site/企业',
      ]);
      expect(await store.readState('other')).toEqual([{ key: 'other', value: 'of other' }]);
      expect(await store.readState('')).toHaveLength(keys.length);
    });

    it('replaces and removes state', async () => {
      await store.commit(
        commit({
          state: [
            { key: 'a', value: '1' },
            { key: 'b', value: '2' },
          ],
        }),
      );
      await store.commit(
        commit({
          state: [
            { key: 'a', value: '3' },
            { key: 'b', value: null },
            { key: 'c', value: null },
          ],
        }),
      );
      expect(await store.readState('')).toEqual([{ key: 'a', value: '3' }]);
    });

    it('keeps the last of several values for one key in a batch', async () => {
      await store.commit(
        commit({
          state: [
            { key: 'a', value: '1' },
            { key: 'a', value: null },
            { key: 'a', value: '2' },
          ],
        }),
      );
      expect(await store.readState('')).toEqual([{ key: 'a', value: '2' }]);
    });

    it('takes large state', async () => {
      const value = JSON.stringify({ text: '监测'.repeat(300_000) });
      await store.commit(commit({ state: [{ key: 'large', value }] }));
      expect(await store.readState('large')).toEqual([{ key: 'large', value }]);
    });

    it('goes on where it was after it was closed and opened again', async (context) => {
      if (under.reopen === undefined) return context.skip('nothing outlives this implementation');
      await store.commit(commit({ nextOffset: 5, state: [{ key: 'a', value: '1' }] }));
      store = await under.reopen();
      expect(await store.nextOffset()).toBe(5);
      expect(await store.readState('')).toEqual([{ key: 'a', value: '1' }]);
    });
  });
}
