/** What `up` has started and `down` is to end: kept in a file from before a server is waited for. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { beginningOf, isRunning } from './server-process.mjs';

/**
 * @typedef {object} StartedServer
 * @property {string} name
 * @property {import('./server-process.mjs').ProcessMark} mark
 * @property {import('./server-kind.mjs').Place} place
 * @property {import('./server-kind.mjs').Lines} [lines] absent as long as it was not ready
 *
 * @typedef {object} RunState
 * @property {string} folder everything that the servers write
 * @property {StartedServer[]} servers
 */

/** So that nothing else is ever taken away by `down`. */
export const FOLDER_PREFIX = 'stackwarden-native-';

/** One for each working copy: two of them do not take each other's servers away. */
export function defaultStateFile() {
  const copy = createHash('sha256')
    .update(realpathSync(import.meta.dirname))
    .digest('hex')
    .slice(0, 12);
  return join(cacheFolder(), `running-${copy}.json`);
}

/** Names and values for a shell; it has a token, and is for its user alone. @param {RunState} state */
export const environmentFile = ({ folder }) => join(folder, 'environment');

/**
 * @param {string} file
 * @returns {RunState | undefined}
 */
export function readState(file) {
  return existsSync(file) ? /** @type {RunState} */ (JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/**
 * @param {string} file
 * @param {RunState} state
 */
export function writeState(file, state) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * The folder, the file, and nothing else.
 * @param {string} file
 * @param {RunState} state
 */
export function removeState(file, { folder }) {
  if (!basename(folder).startsWith(FOLDER_PREFIX)) {
    throw new Error(`${file} names ${folder}, which is no folder of ours: look at it and remove both by hand`);
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(file);
}

/**
 * Does `work` while no other `up` or `down` does its own with the same file.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 */
export async function alone(file, work) {
  const lock = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  const mark = { pid: process.pid, beginning: beginningOf(process.pid) ?? '' };
  try {
    writeFileSync(lock, JSON.stringify(mark), { flag: 'wx' });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    const holder = /** @type {typeof mark} */ (JSON.parse(readFileSync(lock, 'utf8')));
    if (isRunning(holder)) throw new Error(`process ${holder.pid} is at work on ${file}: wait for it`);
    writeFileSync(lock, JSON.stringify(mark));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
