/** What is said of a damaged file: which file, which table, which row, and what to do. */
import { ConfigError } from '../../contracts/errors.ts';

export const RESTORE_REMEDY =
  'Stop, keep a copy of the data folder for analysis, and restore a backup (stackwarden restore DIR --force)';

/** @param what is wrong with the file: "is shorter than it should be" */
export function damagedFile(path: string, what: string): ConfigError {
  return new ConfigError([`${path} ${what}. ${RESTORE_REMEDY}.`]);
}

/** @param row as a person finds it again: "entries 1 to 2", "key site/works-a" */
export function damagedRow(path: string | null, table: string, row: string): ConfigError {
  return damagedFile(path ?? 'The database', `is damaged: in its table ${table}, the checksum of ${row} is wrong`);
}
