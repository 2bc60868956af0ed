import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDatabase, closeDatabase, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { retain, removeOld } from '../../backends/sqlite/retention.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import {
  commit,
  DAY_MS,
  deadLetter,
  everyKindOfEntry,
  finding,
  instant,
  mean,
  reportEntry,
  sample,
  T0,
} from './builders.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describe('retention', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let database: Database;
  let log: SqliteLog;
  let store: SqliteDetectionStore;
  let model: SqliteReadModel;
  let wallClock: number;
  beforeEach(() => {
    place = temporaryFolder();
    database = openForWriting(place.folder);
    wallClock = T0;
    log = new SqliteLog(database);
    store = new SqliteDetectionStore(database, () => wallClock);
    model = new SqliteReadModel(database);
  });
  afterEach(() => {
    expect(checkDatabase(database)).toEqual([]);
    closeDatabase(database);
    place.remove();
  });

  const day = (n: number): number => T0 + n * DAY_MS;
  const appendDays = (days: number): void => {
    for (let i = 0; i < days; i += 1) log.append(Array.from({ length: 100 }, () => reportEntry({ received: day(i) })));
  };

  it('leaves everything standing that no policy speaks of', () => {
    appendDays(3);
    store.commit(
      commit({ nextOffset: 300, findings: [finding({ state: 'closed' })], means: [mean()], samples: [sample()] }),
    );
    expect(retain(database, {}, day(10_000))).toEqual({});
    expect(log.bounds()).toEqual({ first: 0, next: 300 });
  });

  it('removes the log by whole rows and says where it begins now', () => {
    appendDays(20);
    store.commit(commit({ nextOffset: 2_000 }));
    expect(retain(database, { logMs: 10 * DAY_MS }, day(15))).toEqual({ log: 5 });
    expect(log.bounds()).toEqual({ first: 500, next: 2_000 });
    expect(log.read(0, 1)[0]?.offset).toBe(500);
    expect(log.readSite('demo-cement', 0, 2_000)).toHaveLength(1_500);
  });

  it('never removes entries of the last 8 days, whatever it is told', () => {
    appendDays(10);
    store.commit(commit({ nextOffset: 1_000 }));
    retain(database, { logMs: 0 }, day(9));
    expect(log.bounds().first).toBe(100);
  });

  it('never removes what detection has not read, or would read again', () => {
    appendDays(20);
    store.commit(commit({ nextOffset: 350 }));
    expect([...removeOld(database, { logMs: 0 }, day(1_000), () => 150)]).toEqual([{ table: 'log', removed: 1 }]);
    retain(database, { logMs: 0 }, day(1_000));
    expect(log.bounds()).toEqual({ first: 300, next: 2_000 });
  });

  it('keeps registries, orders and marks, and the count of offsets, for ever', () => {
    log.append(everyKindOfEntry(T0));
    appendDays(3);
    store.commit(commit({ nextOffset: 308 }));
    retain(database, { logMs: 0 }, day(1_000));
    expect(
      log
        .read(0, 10)
        .map(({ kind }) => kind)
        .slice(0, 4),
    ).toEqual(['registry', 'order', 'mark', 'report']);
    expect(log.bounds()).toEqual({ first: 208, next: 308 });
    expect(log.append([reportEntry()])).toBe(308);
  });

  it('finds the reports of a site in what is left of a long log', () => {
    const entries = Array.from({ length: 1_000 }, (_, i) => reportEntry({ site: `s-${i % 10}`, received: T0 }));
    for (let i = 0; i < 140; i += 1) log.append(entries.map((entry) => ({ ...entry, received: day(i / 10) })));
    store.commit(commit({ nextOffset: 140_000 }));
    retain(database, { logMs: 0 }, day(15));
    const { first } = log.bounds();
    expect(first).toBe(70_000);
    for (const view of [log, new SqliteLog(database)]) {
      expect(view.readSite('s-4', 0, 140_000)).toHaveLength(7_000);
      expect(view.readSite('s-4', 0, 140_000)[0]?.offset).toBe(70_004);
    }
  });

  it('removes samples, means, closed findings, dead letters and changes by their own age', async () => {
    const days = Array.from({ length: 30 }, (_, i) => i);
    for (const i of days) {
      wallClock = day(i);
      const hours = Array.from({ length: 24 * 60 }, (_, minute) => sample({ ts: day(i) + minute * 60_000 }));
      store.commit(
        commit({
          samples: hours,
          means: [mean({ start: instant(day(i)) })],
          findings: [finding({ id: `f-${i}`, detectedAt: instant(day(i)), state: i === 3 ? 'open' : 'closed' })],
          deadLetters: [deadLetter({ id: `d-${i}`, received: day(i), state: i === 4 ? 'quarantined' : 'kept' })],
        }),
      );
    }
    const policy = {
      samplesMs: 10 * DAY_MS,
      meansMs: 11 * DAY_MS,
      findingsMs: 12 * DAY_MS,
      deadLettersMs: 13 * DAY_MS,
      changesMs: 14 * DAY_MS,
    };
    const report = retain(database, policy, day(30));
    expect(report).toMatchObject({ mean: 19, finding: 17, dead_letter: 16, change: 32 });
    expect(retain(database, policy, day(30))).toEqual({});

    const query = {
      site: 'demo-cement',
      device: 'cems-1',
      signal: 'so2',
      fromAt: T0,
      toAt: day(40),
      everyMs: DAY_MS,
      maxPoints: 100,
    };
    expect((await model.series(query)).points).toHaveLength(10);
    expect((await model.means({ site: 'demo-cement', fromAt: T0, toAt: day(40) }, { limit: 100 })).items).toHaveLength(
      11,
    );
    const findings = (await model.findings({}, { limit: 100 }, {})).items.map(({ id }) => id);
    expect(findings).toHaveLength(13);
    expect(findings.at(-1)).toBe('f-3');
    expect(await model.findingRevisions('f-2', {})).toEqual([]);
    const letters = (await model.deadLetters({}, { limit: 100 })).items.map(({ id }) => id);
    expect(letters).toHaveLength(14);
    expect(letters).toContain('d-4');
  });

  it('leaves out changes whose thing is gone, and never gives a number twice', async () => {
    store.commit(commit({ findings: [finding({ state: 'closed' }), finding({ id: 'open' })] }));
    retain(database, { findingsMs: 0 }, day(1_000));
    expect((await model.changes(0, 1)).map(({ seq }) => seq)).toEqual([2]);
    retain(database, { changesMs: 0 }, day(1_000));
    expect(await model.changeBounds()).toEqual({ first: 0, last: 0 });
    store.commit(commit({ findings: [finding({ id: 'new' })] }));
    expect(await model.changeBounds()).toEqual({ first: 3, last: 3 });
  });
});
