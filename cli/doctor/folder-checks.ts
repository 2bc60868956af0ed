/** The data folder from outside: whether it can be written, how full its disk is, who may read it, its backup. */
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderFigures } from '../../backends/sqlite/folder-figures.ts';
import { LAST_BACKUP_FILE, type LastBackup } from '../../backends/sqlite/folder-backup.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { check, formatBytes, messageOf, type Check } from './check.ts';

const LEAST_FREE_BYTES = 2 * 1_024 ** 3;
const MOST_WAL_BYTES = 256 * 1_048_576;
const OLDEST_BACKUP_MS = 8 * DAY_MS;
const OTHERS = 0o077;

export function checkFolder(folder: string): Check {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const remedy = 'make the folder writable for this user, or choose another with --data';
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
    return check('folder', true, existing === folder ? folder : `${folder} (not there yet)`, remedy);
  } catch (error) {
    return check('folder', false, `${folder}: ${messageOf(error)}`, remedy);
  }
}

export function checkDisk(folder: string): Check {
  const { diskFreeBytes, diskBytes, databaseBytes, reusableBytes } = folderFigures(folder);
  const share = diskBytes === 0 ? 0 : Math.round((100 * diskFreeBytes) / diskBytes);
  const kept = `${formatBytes(databaseBytes)} are used by the database, ${formatBytes(reusableBytes)} of them free for reuse`;
  return check(
    'disk',
    diskFreeBytes >= LEAST_FREE_BYTES,
    `${formatBytes(diskFreeBytes)} of ${formatBytes(diskBytes)} are free (${String(share)} %); ${kept}`,
    `free at least ${formatBytes(LEAST_FREE_BYTES)}: when the disk is full nothing is acknowledged any more`,
  );
}

export function checkWriteAheadLog(folder: string): Check {
  const { walBytes } = folderFigures(folder);
  return check(
    'wal',
    walBytes <= MOST_WAL_BYTES,
    `the write-ahead log has ${formatBytes(walBytes)}`,
    'end long reads (backup, export) of the folder; it is begun anew within seconds of their end',
  );
}

/** Secrets, even hashed, and what firms report are nobody else's. */
export function checkModes(folder: string): Check {
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const open = names
    .filter((entry) => entry.isFile() && /^(stackwarden|credentials)[.]|^server[.]json$/.test(entry.name))
    .filter(({ name }) => ((statSync(join(folder, name), { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0)
    .map(({ name }) => name);
  const detail = open.length === 0 ? 'the files are private' : `others may open ${open.join(', ')}`;
  return check('modes', open.length === 0, detail, `chmod 600 these files in ${folder}`);
}

function lastBackup(folder: string): LastBackup | undefined {
  const path = join(folder, LAST_BACKUP_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LastBackup) : undefined;
}

/** @param oldestReceived of the log, epoch ms: a system of yesterday needs no backup of last week */
export function checkBackup(folder: string, now: number, oldestReceived: number | undefined): Check {
  const remedy = 'stackwarden backup DIR, each day, to another disk';
  try {
    const last = lastBackup(folder);
    if (last === undefined) {
      const isNew = now - (oldestReceived ?? now) < OLDEST_BACKUP_MS;
      return check('backup', isNew, 'none was made by `stackwarden backup` yet', remedy);
    }
    const ageMs = now - Date.parse(last.at);
    const detail = `the last is ${(ageMs / DAY_MS).toFixed(1)} days old, in ${last.folder}`;
    return check('backup', ageMs <= OLDEST_BACKUP_MS, detail, remedy);
  } catch (error) {
    return check('backup', false, `${LAST_BACKUP_FILE} cannot be read: ${messageOf(error)}`, remedy);
  }
}
