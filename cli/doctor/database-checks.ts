/** The databases from inside: their version, and whether all of them is what was written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { credentialFaults, CREDENTIALS_FILE } from '../../backends/sqlite/sqlite-credentials.ts';
import { storeFaults } from '../../backends/sqlite/folder-backup.ts';
import { lookAtFolder, openAnyVersion } from '../../backends/sqlite/open-database.ts';
import { STATE_FORMAT, expectKnownFormat } from '../../detect/core/state-format.ts';
import { FORMAT } from '../../detect/runner/to-commit.ts';
import { check, messageOf, type Check } from './check.ts';

const REMEDY = 'stop, keep a copy of the folder, and restore the last backup: stackwarden restore DIR --force';

export interface DatabaseFacts {
  readonly checks: readonly Check[];
  /** First and last receipt of the log, epoch ms, where there is one. */
  readonly oldestReceived?: number;
  readonly lastReceived?: number;
}

type Opened = ReturnType<typeof openAnyVersion>;

function receipts({ database }: Opened): Omit<DatabaseFacts, 'checks'> {
  const row = database.prepare('SELECT min(first_received) AS oldest, max(last_received) AS last FROM log').get() as
    { oldest: number | null; last: number | null } | undefined;
  if (row === undefined || row.oldest === null || row.last === null) return {};
  return { oldestReceived: row.oldest, lastReceived: row.last };
}

function checkSchema({ version, present }: Opened): Check {
  const detail =
    version === present
      ? `version ${String(present)}, the present one`
      : `version ${String(version)}; the next start brings it to ${String(present)}`;
  return check('schema', true, detail, '');
}

/** What the detector saved there: a newer version may have been here, whose tables are the same. */
function checkState({ database }: Opened): Check {
  const row = database.prepare('SELECT value FROM state WHERE key = ?').get(FORMAT) as { value: string } | undefined;
  const format = Number(row?.value ?? 0);
  try {
    expectKnownFormat({ format }, 'the saved state of the detector');
  } catch (error) {
    return check('state', false, messageOf(error), 'install that version, or restore a backup from before the upgrade');
  }
  const isEmpty = row === undefined && database.prepare('SELECT 1 FROM state LIMIT 1').get() === undefined;
  const age = format === STATE_FORMAT ? 'the present one' : 'completed when it is read';
  return check('state', true, isEmpty ? 'nothing is saved yet' : `format ${String(format)}, ${age}`, '');
}

function checkPages({ database, path }: Opened, isQuick: boolean): Check {
  if (isQuick) return check('database', true, `${path} can be opened; not read as a whole (--quick)`, '');
  const faults = storeFaults(database, path);
  const isSound = faults.length === 0;
  return check('database', isSound, isSound ? `${path} is sound` : `${path}: ${faults.join('; ')}`, REMEDY);
}

/** Each part of the store; a file that cannot be opened is one line. */
export function checkStore(folder: string, isQuick: boolean): DatabaseFacts {
  try {
    if (!lookAtFolder(folder))
      return { checks: [check('database', true, 'not there yet; the first start makes it', '')] };
    const opened = openAnyVersion(folder);
    try {
      return { checks: [checkSchema(opened), checkState(opened), checkPages(opened, isQuick)], ...receipts(opened) };
    } finally {
      opened.database.close();
    }
  } catch (error) {
    return { checks: [check('database', false, messageOf(error), REMEDY)] };
  }
}

export function checkCredentials(folder: string): Check {
  const path = join(folder, CREDENTIALS_FILE);
  if (!existsSync(path)) return check('secrets', true, 'no credentials yet', '');
  try {
    const faults = credentialFaults(path);
    const isSound = faults.length === 0;
    return check('secrets', isSound, isSound ? `${path} is sound` : `${path}: ${faults.join('; ')}`, REMEDY);
  } catch (error) {
    return check('secrets', false, messageOf(error), REMEDY);
  }
}
