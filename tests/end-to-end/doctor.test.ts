/** Each thing that the doctor looks at, wrong once: it is named, with what to do. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeDatabase, databasePath, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteCredentials } from '../../backends/sqlite/sqlite-credentials.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { runDoctor } from '../../cli/commands/doctor.ts';
import { readConfig, type PartialConfig } from '../../cli/config.ts';
import type { Check } from '../../cli/doctor/check.ts';
import { checkBackup, checkDisk } from '../../cli/doctor/folder-checks.ts';
import { checkClock } from '../../cli/doctor/machine-checks.ts';
import { reportEntry } from '../ports/builders.ts';
import { copyStore, fillTables, flipBit } from '../ports/filled-folder.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';

const DAY_MS = 86_400_000;
let place: ReturnType<typeof temporaryFolder>;
let folder: string;
beforeEach(() => {
  place = temporaryFolder();
  folder = join(place.folder, 'data');
});
afterEach(() => {
  place.remove();
});

interface Answer {
  readonly code: number;
  readonly checks: readonly Check[];
  readonly wrong: readonly string[];
}

async function examine(
  how: Partial<Parameters<typeof runDoctor>[1]> = {},
  config: PartialConfig = {},
): Promise<Answer> {
  let text = '';
  const options = { quick: false, acceptLoss: false, ...how, json: true };
  const given = readConfig({ data: folder, http: 0, mqtt: 0, connections: 100, ...config }, {});
  const code = await runDoctor(given, options, { write: (part) => void (text += part) });
  const checks = JSON.parse(text) as Check[];
  const wrong = checks.filter(({ ok }) => !ok);
  for (const { remedy } of wrong) expect(remedy).toMatch(/\S/);
  return { code, checks, wrong: wrong.map(({ name, detail }) => `${name}: ${detail}`) };
}

describe('the doctor', () => {
  it('is content with a new folder, and with a sound one', async () => {
    expect(await examine()).toMatchObject({ code: 0, wrong: [] });
    fillTables(folder);
    const { code, checks, wrong } = await examine();
    expect([code, wrong]).toEqual([0, []]);
    const database = checks.find(({ name }) => name === 'database');
    expect(database?.detail).toMatch(/stackwarden\.db is sound/);
    expect((await examine({ quick: true })).checks.find(({ name }) => name === 'database')?.detail).toMatch(/--quick/);
  });

  it('names the row that was changed on the disk, and not where it is told to be quick', async () => {
    fillTables(folder);
    const bytes = readFileSync(databasePath(folder));
    flipBit(databasePath(folder), bytes.lastIndexOf('"severity"') + 4, 1);
    const { code, wrong } = await examine();
    expect(code).toBe(1);
    expect(wrong.join()).toMatch(/^database: .*table finding/);
    expect((await examine({ quick: true })).code).toBe(0);
  });

  it('names a cut-off file, a file that is gone, and one that is none', async () => {
    fillTables(folder);
    const bytes = readFileSync(databasePath(folder));
    writeFileSync(databasePath(folder), bytes.subarray(0, bytes.length - 9_000));
    expect((await examine()).wrong.join()).toMatch(/database: .* is cut off/);
    rmSync(databasePath(folder));
    expect((await examine()).wrong.join()).toMatch(/database: .* is gone/);
    writeFileSync(databasePath(folder), 'no database at all, however long it may be. '.repeat(100));
    expect((await examine()).wrong.join()).toMatch(/database: .* is no database/);
  });

  it('names a write-ahead log that is gone, and takes the file as it is where it is told to', async () => {
    fillTables(folder);
    const running = openForWriting(folder);
    new SqliteLog(running).append([reportEntry()]);
    const killed = copyStore(folder, place.folder, 'killed');
    copyFileSync(`${databasePath(folder)}-wal`, `${databasePath(killed)}-wal`);
    closeDatabase(running);
    folder = killed;
    rmSync(`${databasePath(folder)}-wal`);
    expect((await examine()).wrong.join()).toMatch(/database: .*write-ahead log beside it .* is gone/);
    expect(await examine({ acceptLoss: true })).toMatchObject({ code: 0, wrong: [] });
    closeDatabase(openForWriting(folder));
  });

  it('names files that others may read, and damaged credentials', async () => {
    fillTables(folder);
    const credentials = new SqliteCredentials(folder);
    await credentials.addDevice('a/b', ['a/b']);
    credentials.close();
    chmodSync(databasePath(folder), 0o640);
    expect((await examine()).wrong.join()).toMatch(/^modes: others may open stackwarden\.db/);
    // SQLite gives what it lays beside a database the rights of the database.
    for (const name of ['', '-wal', '-shm']) chmodSync(`${databasePath(folder)}${name}`, 0o600);
    const path = join(folder, 'credentials.db');
    flipBit(path, readFileSync(path).lastIndexOf('["a/b"]') + 2, 0);
    expect((await examine()).wrong.join()).toMatch(/^secrets: .*table device: the checksum of user a\/b is wrong/);
  });

  it('names a clock that shows less than what has been', () => {
    const now = Date.now();
    expect(checkClock(now, now - DAY_MS)).toMatchObject({ ok: true });
    expect(checkClock(now, now + 60_000)).toMatchObject({ ok: true });
    expect(checkClock(now, now + DAY_MS)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/24\.0 h behind the last record/) as string,
    });
    expect(checkClock(Date.UTC(2020, 0, 1), undefined)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/before this program was installed/) as string,
    });
  });

  it('names a backup that is old, unreadable, or was never made', () => {
    mkdirSync(folder);
    const now = Date.now();
    expect(checkBackup(folder, now, undefined)).toMatchObject({ ok: true });
    expect(checkBackup(folder, now, now - 3 * DAY_MS)).toMatchObject({ ok: true });
    expect(checkBackup(folder, now, now - 30 * DAY_MS)).toMatchObject({ ok: false });
    const note = (at: number): void => {
      writeFileSync(
        join(folder, 'last-backup.json'),
        JSON.stringify({ at: new Date(at).toISOString(), folder: '/b', next: 1 }),
      );
    };
    note(now - 2 * DAY_MS);
    expect(checkBackup(folder, now, now - 30 * DAY_MS)).toMatchObject({
      ok: true,
      detail: 'the last is 2.0 days old, in /b',
    });
    note(now - 9 * DAY_MS);
    expect(checkBackup(folder, now, now - 30 * DAY_MS)).toMatchObject({ ok: false });
    writeFileSync(join(folder, 'last-backup.json'), '');
    expect(checkBackup(folder, now, now)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/cannot be read/) as string,
    });
  });

  it('tells the room on the disk, of a folder that is not there yet too', () => {
    utimesSync(place.folder, new Date(), new Date());
    expect(checkDisk(join(place.folder, 'not', 'there')).detail).toMatch(
      /[KMGT]iB of .* are free \(\d+ %\); 0 B are used/,
    );
  });

  it('says each line with its remedy to people', async () => {
    let text = '';
    const config = readConfig(
      { data: folder, http: 0, mqtt: 0, connections: 1_000_000, registry: join(folder, 'none') },
      {},
    );
    await runDoctor(config, { quick: true, acceptLoss: false, json: false }, { write: (part) => void (text += part) });
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(ok {4}|WRONG ) \w+ +\S/);
    expect(text).toMatch(/WRONG {2}registry .*\. Do: \S/);
  });
});
