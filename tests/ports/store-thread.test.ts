import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openForReading } from '../../backends/sqlite/open-database.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { StoreThread, type StoreThreadOptions } from '../../backends/sqlite/store-thread.ts';
import { ConfigError, InvariantError, UnavailableError } from '../../contracts/errors.ts';
import { DAY_MS, reportEntry, T0 } from './builders.ts';
import { describeLog } from './log.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

const COUNTING = new URL('./counting-detector.ts', import.meta.url).href;

describeLog('sqlite, through its thread', async () => {
  const { folder, remove } = temporaryFolder();
  let thread = await StoreThread.start({ folder });
  return {
    log: thread,
    reopen: async () => {
      await thread.close();
      thread = await StoreThread.start({ folder });
      return thread;
    },
    close: async () => {
      await thread.close();
      remove();
    },
  };
});

describe('the store thread', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let thread: StoreThread | undefined;
  beforeEach(() => {
    place = temporaryFolder();
  });
  afterEach(async () => {
    await thread?.close().catch((error: unknown) => error);
    thread = undefined;
    place.remove();
  });

  const start = async (options: Omit<StoreThreadOptions, 'folder'> = {}): Promise<StoreThread> => {
    thread = await StoreThread.start({ folder: place.folder, ...options });
    return thread;
  };
  const detectedUpTo = (store: StoreThread, offset: number): Promise<void> =>
    new Promise((resolve) => {
      store.onProgress(({ nextOffset }) => {
        if (nextOffset >= offset) resolve();
      });
    });
  const countsNow = async (): Promise<Readonly<Record<string, number>>> => {
    const database = openForReading(place.folder);
    try {
      return (await new SqliteReadModel(database).tally()).counts;
    } finally {
      database.close();
    }
  };

  it('detects what was appended without being told, each entry once', async () => {
    const store = await start({ detector: { module: COUNTING, init: {} } });
    const done = detectedUpTo(store, 5_000);
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => store.append([reportEntry({ site: `s-${i % 3}` })])));
    await done;
    expect(await countsNow()).toEqual({ 's-0': 1_667, 's-1': 1_667, 's-2': 1_666 });
  });

  it('goes on with detection where it was after a restart', async () => {
    let store = await start();
    await store.append(Array.from({ length: 1_200 }, () => reportEntry()));
    await store.close();
    store = await start({ detector: { module: COUNTING, init: {} } });
    const done = detectedUpTo(store, 1_201);
    await store.append([reportEntry()]);
    await done;
    expect(await countsNow()).toEqual({ 'demo-cement': 1_201 });
  });

  it('tries detection again after a failure that passes, and says so', async () => {
    const store = await start({ detector: { module: COUNTING, init: { failAt: 100, passing: true } } });
    const trouble = new Promise<Error>((resolve) => {
      store.onTrouble(resolve);
    });
    const done = detectedUpTo(store, 200);
    await store.append(Array.from({ length: 200 }, () => reportEntry()));
    expect((await trouble).message).toContain('no room');
    expect(await store.append([reportEntry()])).toBe(200);
    await done;
    expect((await countsNow())['demo-cement']).toBeGreaterThanOrEqual(200);
  });

  it('ends on any other failure of detection: what was acknowledged is there, what was not is refused', async () => {
    const store = await start({ detector: { module: COUNTING, init: { failAt: 100 } } });
    await store.append(Array.from({ length: 200 }, () => reportEntry()));
    expect(await store.ended()).toBeInstanceOf(InvariantError);
    await expect(store.append([reportEntry()])).rejects.toThrow(UnavailableError);
    await expect(store.bounds()).rejects.toThrow(/a bug/);
    await expect(store.close()).rejects.toThrow(InvariantError);
    thread = undefined;
    expect(await (await start()).bounds()).toEqual({ first: 0, next: 200 });
  });

  it('says at the start what is wrong with the folder', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(
      `${place.folder}/stackwarden.db`,
      'this is no database, but it is long enough to look like one'.repeat(100),
    );
    await expect(start()).rejects.toThrow(ConfigError);
    await expect(start()).rejects.toThrow(`${place.folder}/stackwarden.db is no database`);
  });

  it('refuses more than it may hold, and has room again when it has written', async () => {
    const store = await start({ maxPendingBytes: 100_000 });
    const taken = Array.from({ length: 3 }, () => store.append([reportEntry({ body: 'x'.repeat(40_000) })]));
    expect(store.isFull()).toBe(true);
    await expect(store.append([reportEntry()])).rejects.toThrow(UnavailableError);
    await store.drained();
    expect(store.isFull()).toBe(false);
    expect(await Promise.all(taken)).toEqual([0, 1, 2]);
    expect(await store.append([reportEntry()])).toBe(3);
  });

  it('writes what was taken in before it closes, and nothing after', async () => {
    const store = await start();
    const taken = Array.from({ length: 2_500 }, () => store.append([reportEntry()]));
    const closed = store.close();
    await expect(store.append([reportEntry()])).rejects.toThrow(UnavailableError);
    expect((await Promise.all(taken)).at(-1)).toBe(2_499);
    await closed;
    expect(await (await start()).bounds()).toEqual({ first: 0, next: 2_500 });
  });

  it('passes messages to the detector and back', async () => {
    const store = await start({ detector: { module: COUNTING, init: {} } });
    const heard = new Promise((resolve) => {
      store.onDetectorMessage(resolve);
    });
    store.tellDetector({ registry: 'new' });
    expect(await heard).toEqual({ echo: { registry: 'new' } });
  });

  it('removes what is old while it goes on', async () => {
    const store = await start({ detector: { module: COUNTING, init: {} } });
    const done = detectedUpTo(store, 3_000);
    for (const day of [0, 1, 2]) {
      await store.append(Array.from({ length: 1_000 }, () => reportEntry({ received: T0 + day * DAY_MS })));
    }
    await done;
    expect(await store.retain({ logMs: DAY_MS }, T0 + 9.5 * DAY_MS)).toEqual({ log: 2 });
    expect(await store.bounds()).toEqual({ first: 2_000, next: 3_000 });
    expect(await store.retain({ logMs: DAY_MS }, T0 + 90 * DAY_MS)).toEqual({});
    expect(await store.append([reportEntry()])).toBe(3_000);
  });
});
