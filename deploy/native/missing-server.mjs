/** What is not there, said so that the reader can get it; and where programs are looked for. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A server that cannot be had on this machine as it is: the message says what is missing and what to do. */
export class MissingServer extends Error {}

/** Servers stand in folders that are not in everybody's PATH. */
const BESIDE_PATH = ['/usr/local/sbin', '/usr/sbin', '/opt/homebrew/sbin'];

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/**
 * Where a program is.
 * @param {string} command
 * @returns {string | undefined}
 */
export function findProgram(command) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...BESIDE_PATH];
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}
