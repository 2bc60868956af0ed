import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupManifest } from '../../backends/sqlite/backup-manifest.ts';
import { makeBackup } from '../../backends/sqlite/folder-backup.ts';
import { lockFolder } from '../../backends/sqlite/folder-lock.ts';
import { restoreBackup, type Restored } from '../../backends/sqlite/folder-restore.ts';
import { closeDatabase, databasePath, openForReading, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteCredentials } from '../../backends/sqlite/sqlite-credentials.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { CannotWriteError, ConfigError, InputError, UnavailableError } from '../../contracts/errors.ts';
import { commit, finding, reportEntry, T0 } from './builders.ts';
import { gone, startChild } from './child.ts';
import { dumpTables, fillTables, flipBit } from './filled-folder.ts';
import { temporaryFolder } from './sqlite-folder.ts';

let place: ReturnType<typeof temporaryFolder>;
let folder: string;
let target: string;
beforeEach(() => {
  place = temporaryFolder();
  folder = join(place.folder, 'data');
  target = join(place.folder, 'backup');
});
afterEach(() => {
  place.remove();
});

const back = (from = folder, to = target): Promise<BackupManifest> =>
  makeBackup({ folder: from, target: to, version: '1.2.3', now: () => T0 });
const restore = (to: string, force = false): Promise<Restored> =>
  restoreBackup({ source: target, folder: to, force, now: () => T0 });
const mode = (path: string): number => statSync(path).mode & 0o777;

describe('a backup', () => {
  it('is what a running store holds, row by row, and says what it is', async () => {
    fillTables(folder);
    const credentials = new SqliteCredentials(folder);
    const { password } = await credentials.addDevice('a/b', ['a/b']);
    const running = openForWriting(folder);
    const manifest = await back();
    expect(manifest).toMatchObject({
      format: 1,
      version: '1.2.3',
      madeAt: new Date(T0).toISOString(),
      schema: { store: 2, credentials: 2 },
      log: { first: 0, next: new SqliteLog(running).bounds().next },
      detection: { next: 12 },
    });
    expect(manifest.files.map(({ name }) => name)).toEqual(['stackwarden.db', 'credentials.db']);
    expect(readdirSync(target).sort()).toEqual(['credentials.db', 'manifest.json', 'stackwarden.db']);
    for (const name of readdirSync(target)) expect(mode(join(target, name))).toBe(0o600);
    expect(mode(target)).toBe(0o700);
    const copy = openForReading(target);
    expect(dumpTables(copy)).toBe(dumpTables(running));
    copy.close();
    closeDatabase(running);
    credentials.close();
    const restored = join(place.folder, 'restored');
    await restore(restored);
    const again = new SqliteCredentials(restored);
    expect(await again.verifyDevice('a/b', password)).toMatchObject({ grants: ['a/b'] });
    again.close();
  });

  it('ends between two appends while another process appends on and on', { timeout: 120_000 }, async () => {
    const { child, lines } = startChild('appending-child.ts', folder, '1');
    const acknowledged: string[] = [];
    let before = 0;
    let manifest: BackupManifest | undefined;
    for await (const line of lines) {
      acknowledged.push(line);
      if (acknowledged.length === 2_000) {
        before = acknowledged.length;
        manifest = await back();
      }
      if (acknowledged.length === 4_000) child.kill('SIGKILL');
    }
    await gone(child);
    const all = openForWriting(folder);
    const copy = openForReading(target);
    const records = new SqliteLog(all).read(0, 1_000_000);
    const copied = new SqliteLog(copy).read(0, 1_000_000);
    expect(copied).toEqual(records.slice(0, copied.length));
    expect(copied.length).toBeGreaterThanOrEqual(before);
    expect(copied.length).toBeLessThan(records.length);
    expect(manifest?.log.next).toBe(copied.length);
    const detected = new SqliteDetectionStore(copy).nextOffset();
    const { counts } = await new SqliteReadModel(copy).tally();
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(detected);
    copy.close();
    closeDatabase(all);
  });

  it('goes into a new or empty folder only', async () => {
    fillTables(folder);
    mkdirSync(target);
    await back();
    await expect(back()).rejects.toThrow(CannotWriteError);
    await expect(back()).rejects.toThrow(/is not empty: name a new folder/);
    const file = join(place.folder, 'file');
    writeFileSync(file, '');
    await expect(back(folder, file)).rejects.toThrow(/is no folder/);
    await expect(back(folder, join(file, 'below'))).rejects.toThrow(CannotWriteError);
  });

  it('is not made of nothing, nor of what is damaged; nothing of it is left then', async () => {
    await expect(back()).rejects.toThrow(/nothing to back up/);
    fillTables(folder);
    const bytes = readFileSync(databasePath(folder));
    flipBit(databasePath(folder), bytes.lastIndexOf('"severity"') + 4, 1);
    await expect(back()).rejects.toThrow(ConfigError);
    await expect(back()).rejects.toThrow(/backup\/stackwarden\.db is damaged: .*table finding/);
    expect(readdirSync(target)).toEqual([]);
    expect(existsSync(join(folder, 'last-backup.json'))).toBe(false);
  });
});

describe('a restore', () => {
  let restored: string;
  beforeEach(async () => {
    fillTables(folder);
    await back();
    restored = join(place.folder, 'restored');
  });

  it('gives a folder that says the same and goes on', async () => {
    const { movedTo, manifest } = await restore(restored);
    expect(movedTo).toBeUndefined();
    expect(readdirSync(restored).sort()).toEqual(['stackwarden.db', 'stackwarden.lock', 'stackwarden.pid']);
    const [old, now] = [openForReading(folder), openForWriting(restored)];
    expect(dumpTables(now)).toBe(dumpTables(old));
    expect(new SqliteLog(now).append([reportEntry()])).toBe(manifest.log.next);
    old.close();
    closeDatabase(now);
  });

  it('never gives the number of a change again that was given after the backup', async () => {
    const running = openForWriting(folder);
    const store = new SqliteDetectionStore(running);
    for (let i = 0; i < 50; i += 1)
      store.commit(commit({ nextOffset: 12, findings: [finding({ id: `later-${String(i)}` })] }));
    const { last } = await new SqliteReadModel(running).changeBounds();
    closeDatabase(running);
    await restore(restored);
    const again = openForWriting(restored);
    new SqliteDetectionStore(again).commit(commit({ nextOffset: 12, findings: [finding({ id: 'new' })] }));
    const model = new SqliteReadModel(again);
    expect((await model.changes(last, 100)).map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual([
      'new',
    ]);
    closeDatabase(again);
  });

  it('is refused where a server runs, and changes nothing', async () => {
    const lock = lockFolder(restored);
    await expect(restore(restored, true)).rejects.toThrow(UnavailableError);
    lock.release();
    expect(readdirSync(restored).sort()).toEqual(['stackwarden.lock', 'stackwarden.pid']);
  });

  it('is refused where there are data, unless they are to be moved aside', async () => {
    fillTables(restored);
    writeFileSync(join(restored, 'notes.txt'), 'somebody else’s');
    const before = readFileSync(databasePath(restored));
    await expect(restore(restored)).rejects.toThrow(CannotWriteError);
    await expect(restore(restored)).rejects.toThrow(/holds data .*--force/);
    expect(readFileSync(databasePath(restored))).toEqual(before);
    const { movedTo } = await restore(restored, true);
    expect(readFileSync(join(movedTo ?? '', 'stackwarden.db'))).toEqual(before);
    expect(readFileSync(join(restored, 'notes.txt'), 'utf8')).toBe('somebody else’s');
    closeDatabase(openForWriting(restored));
  });

  const damages: readonly (readonly [
    what: string,
    damage: () => void,
    says: RegExp,
    error: typeof InputError | typeof ConfigError,
  ])[] = [
    [
      'has no manifest',
      () => rmSync(join(target, 'manifest.json')),
      /is no backup, or one that did not come to its end/,
      InputError,
    ],
    [
      'has half a manifest',
      () => writeFileSync(join(target, 'manifest.json'), '{"format":1,'),
      /cannot be read/,
      InputError,
    ],
    [
      'has another manifest',
      () => writeFileSync(join(target, 'manifest.json'), '{"format":1}'),
      /no manifest/,
      InputError,
    ],
    [
      'is of a newer form',
      () => writeFileSync(join(target, 'manifest.json'), '{"format":2}'),
      /newer stackwarden/,
      ConfigError,
    ],
    ['lacks a file', () => rmSync(join(target, 'stackwarden.db')), /damaged: stackwarden\.db is missing/, InputError],
    [
      'has a changed byte',
      () => flipBit(join(target, 'stackwarden.db'), 50_000, 1),
      /stackwarden\.db has another checksum/,
      InputError,
    ],
    [
      'has a cut-off file',
      () => writeFileSync(join(target, 'stackwarden.db'), 'short'),
      /has 5 bytes instead of/,
      InputError,
    ],
  ];
  it.each(damages)('of a backup that %s is refused before anything is touched', async (_what, damage, says, error) => {
    damage();
    await expect(restore(restored)).rejects.toThrow(error);
    await expect(restore(restored)).rejects.toThrow(says);
    expect(existsSync(databasePath(restored))).toBe(false);
  });

  const changed = (change: (manifest: BackupManifest) => unknown): void => {
    const path = join(target, 'manifest.json');
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as BackupManifest)));
  };

  it('of a newer schema is refused', async () => {
    changed((manifest) => ({ ...manifest, version: '9.0.0', schema: { store: 99, credentials: 2 } }));
    await expect(restore(restored)).rejects.toThrow(/newer stackwarden 9\.0\.0/);
  });

  it('takes no file from elsewhere, whatever the manifest says', async () => {
    writeFileSync(join(place.folder, 'outside.db'), '');
    changed((manifest) => ({
      ...manifest,
      files: [...manifest.files, { name: '../outside.db', bytes: 0, sha256: '' }],
    }));
    await expect(restore(restored)).rejects.toThrow(/no manifest/);
  });

  it('that broke off keeps the folder from being started on, and can be done again', async () => {
    await restore(restored);
    // As if the process had been killed between moving the old data out and the new ones in.
    mkdirSync(join(restored, 'restoring'));
    renameSync(databasePath(restored), join(restored, 'restoring', 'stackwarden.db'));
    expect(() => openForWriting(restored)).toThrow(/did not come to its end .* Run it again/);
    await restore(restored);
    closeDatabase(openForWriting(restored));
  });

  it('makes private what the backup’s disk made public', async () => {
    chmodSync(join(target, 'stackwarden.db'), 0o644);
    await restore(restored);
    expect(mode(databasePath(restored))).toBe(0o600);
  });
});
