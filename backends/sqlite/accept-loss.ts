import { existsSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { lockFolder } from './folder-lock.ts';
import { databasePath } from './open-database.ts';
import { guarded } from './sqlite-errors.ts';
import { RUN_OPEN } from './start-check.ts';

/**
 * Takes a database whose write-ahead log is lost or damaged as it is: another program may have moved the log into the file, and
 * then nothing is lost; else the reports that were in it alone are.
 * @throws UnavailableError where a server runs on the folder
 */
export function acceptMissingLog(folder: string): void {
  const path = databasePath(folder);
  if (!existsSync(path)) return;
  const lock = lockFolder(folder);
  try {
    guarded(`write ${path}`, () => {
      const database = new DatabaseSync(path);
      try {
        database.exec(`PRAGMA synchronous = FULL; DELETE FROM setting WHERE key = '${RUN_OPEN}'`);
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        database.close();
      }
    });
  } finally {
    lock.release();
  }
}
