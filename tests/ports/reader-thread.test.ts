import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeDatabase, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { ReaderThread } from '../../backends/sqlite/reader-client.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { ConfigError, InputError, UnavailableError } from '../../contracts/errors.ts';
import { commit, finding, HOUR_MS, sample, T0 } from './builders.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describe('the reader thread', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let database: Database;
  let reader: ReaderThread | undefined;
  beforeEach(() => {
    place = temporaryFolder();
    database = openForWriting(place.folder);
  });
  afterEach(async () => {
    await reader?.close();
    reader = undefined;
    closeDatabase(database);
    place.remove();
  });

  it('answers what was stored before it was asked, many questions at a time', async () => {
    const store = new SqliteDetectionStore(database);
    reader = await ReaderThread.start(place.folder);
    store.commit(commit({ findings: [finding()], samples: [sample()] }));
    const query = {
      site: 'demo-cement',
      device: 'cems-1',
      signal: 'so2',
      fromAt: T0,
      toAt: T0 + HOUR_MS,
      maxPoints: 10,
    };
    const [page, one, series] = await Promise.all([
      reader.findings({}, { limit: 10 }, {}),
      reader.finding('f-1', { districts: ['gongyi'] }),
      reader.series(query),
    ]);
    expect(page).toEqual({ items: [finding()], next: null });
    expect(one).toBeUndefined();
    expect(series.points).toHaveLength(1);
  });

  it('refuses with the error that says what was wrong, and goes on', async () => {
    reader = await ReaderThread.start(place.folder);
    await expect(reader.findings({}, { limit: 10, cursor: 'x' }, {})).rejects.toThrow(InputError);
    expect(await reader.rules()).toEqual([]);
  });

  it('answers everything asked before it was closed, and nothing after', async () => {
    reader = await ReaderThread.start(place.folder);
    const asked = [reader.tally(), reader.changeBounds()];
    const closed = reader.close();
    await expect(reader.rules()).rejects.toThrow(UnavailableError);
    await closed;
    expect(await Promise.all(asked)).toHaveLength(2);
    reader = undefined;
  });

  it('says at the start that there is nothing to read', async () => {
    const nowhere = `${place.folder}/nowhere`;
    await expect(ReaderThread.start(nowhere)).rejects.toThrow(ConfigError);
    await expect(ReaderThread.start(nowhere)).rejects.toThrow(/There is no .*nowhere.*Start stackwarden/);
  });
});
