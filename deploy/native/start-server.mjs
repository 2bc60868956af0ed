/** Starts a server in a folder and on a port of its own: for `up`, and for a test that wants one for itself. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { findProgram } from './missing-server.mjs';
import { beginningOf, endProcess, startProcess, untilItAnswers } from './server-process.mjs';

/**
 * @typedef {import('./server-kind.mjs').Place} Place
 * @typedef {import('./server-process.mjs').ProcessMark} ProcessMark
 */

/**
 * @typedef {object} Running
 * @property {ProcessMark} mark
 * @property {import('node:child_process').ChildProcess} child
 */

/**
 * @template Program
 * @typedef {object} Start
 * @property {import('./server-kind.mjs').ServerKind<Program>} kind
 * @property {Program} program
 * @property {Place} place
 * @property {boolean} outlives whether it stays when the process that started it ends
 * @property {(mark: ProcessMark, place: Place) => void} [begun] told of the process before it is waited for
 */

/** Between finding a port free and listening on it another process may take it. */
const ATTEMPTS = 3;
const PORT_TAKEN = /address (is )?already in use|bindexception/i;

/** @param {Place} place */
export const logOf = ({ folder }) => join(folder, 'server.log');

/**
 * On Linux the system itself ends it with its parent, however that ends.
 * @param {import('./server-process.mjs').Command} command
 */
function endingWithParent(command) {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  if (setpriv === undefined) return command;
  return { ...command, command: setpriv, args: ['--pdeathsig', 'KILL', command.command, ...command.args] };
}

/**
 * Starts a server that is prepared, or was stopped, and waits until it answers. One that does not is ended.
 * @template Program
 * @param {Start<Program>} start
 * @returns {Promise<Running>}
 */
export async function startPrepared({ kind, program, place, outlives, begun }) {
  const log = logOf(place);
  const command = kind.launch(place, program);
  const child = await startProcess(outlives ? command : endingWithParent(command), { log, detached: outlives });
  const mark = { pid: child.pid, beginning: beginningOf(child.pid) ?? 'ended' };
  begun?.(mark, place);
  try {
    await untilItAnswers({ name: kind.name, mark, log }, () => kind.answers(place), kind.readyWithinMs);
  } catch (error) {
    await endProcess(mark, kind.stopWithinMs);
    throw error;
  }
  return { mark, child };
}

/** @param {Place} place */
function portWasTaken(place) {
  try {
    return PORT_TAKEN.test(readFileSync(logOf(place), 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Prepares and starts a server in a new folder below `parent`.
 * @template Program
 * @param {Omit<Start<Program>, 'place'> & { parent: string, proxied?: Place['proxied'], guarded?: Place['guarded'] }} start
 * @returns {Promise<Running & { place: Place }>}
 */
export async function startNew({ parent, proxied, guarded, ...start }) {
  const { kind, program } = start;
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(join(parent, `${kind.name}-`));
    const more = { ...(proxied === undefined ? {} : { proxied }), ...(guarded === undefined ? {} : { guarded }) };
    const place = { folder, port: await freePort(), ...more };
    try {
      await kind.prepare(place, program);
      return { ...(await startPrepared({ ...start, place })), place };
    } catch (error) {
      const again = attempt < ATTEMPTS && portWasTaken(place);
      rmSync(folder, { recursive: true, force: true });
      if (!again) throw error;
    }
  }
}
