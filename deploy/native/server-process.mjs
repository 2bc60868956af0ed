/** A server as a process: started, waited for, ended. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
/** KILL is not refused; what still stands after it hangs in the system itself. */
const KILL_WITHIN_MS = 10_000;

/**
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** @param {string} file */
export function endOfLog(file) {
  return existsSync(file) ? lastLines(readFileSync(file, 'utf8'), 20) : '(it wrote no log)';
}

/**
 * What tells a process from a later one with the same number: when it began. Undefined where it has ended; one that
 * has ended and was not yet fetched by its parent has ended.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function beginningOf(pid) {
  if (!existsSync('/proc/self/stat')) return beginningWithoutProc(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold anything, so count from behind it: state, …, start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/**
 * Where there is no /proc a number in use is taken for the process that had it.
 * @param {number} pid
 */
function beginningWithoutProc(pid) {
  return signalProcess(pid, 0) ? 'unknown' : undefined;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether there was such a process
 */
function signalProcess(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
    throw error;
  }
}

/** @typedef {{ pid: number, beginning: string }} ProcessMark */

/** @param {ProcessMark} mark */
export function isRunning({ pid, beginning }) {
  return beginningOf(pid) === beginning;
}

/**
 * @param {ProcessMark} mark
 * @param {number} withinMs
 */
async function isGoneWithin(mark, withinMs) {
  const deadline = performance.now() + withinMs;
  while (isRunning(mark)) {
    if (performance.now() > deadline) return false;
    await pause(LOOK_EVERY_MS / 2);
  }
  return true;
}

/**
 * Ends exactly this process: TERM, and KILL after a limit.
 * @param {ProcessMark} mark
 * @param {number} stopWithinMs
 */
export async function endProcess(mark, stopWithinMs) {
  if (!isRunning(mark)) return;
  signalProcess(mark.pid, 'SIGTERM');
  // A stopped process would look at its TERM only when it is continued.
  signalProcess(mark.pid, 'SIGCONT');
  if (await isGoneWithin(mark, stopWithinMs)) return;
  signalProcess(mark.pid, 'SIGKILL');
  if (!(await isGoneWithin(mark, KILL_WITHIN_MS))) throw new Error(`process ${mark.pid} does not end`);
}

/**
 * @typedef {object} Command
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string>} [env]
 */

/**
 * Starts a program whose words go to the end of a file. Detached, it stays when its parent ends.
 * @param {Command} program
 * @param {{ log: string, detached: boolean }} options
 * @returns {Promise<import('node:child_process').ChildProcess & { readonly pid: number }>}
 */
export function startProcess({ command, args, env = {} }, { log, detached }) {
  const output = openSync(log, 'a', 0o600);
  const child = spawn(command, args, {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
    detached,
  });
  closeSync(output);
  if (detached) child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(/** @type {typeof child & { readonly pid: number }} */ (child));
    });
  });
}

/**
 * Waits until a started server answers.
 * @param {{ name: string, mark: ProcessMark, log: string }} server
 * @param {() => Promise<boolean>} answers
 * @param {number} withinMs
 */
export async function untilItAnswers({ name, mark, log }, answers, withinMs) {
  const deadline = performance.now() + withinMs;
  while (!(await answers())) {
    if (!isRunning(mark)) throw new Error(`${name} ended before it answered; its last words:\n${endOfLog(log)}`);
    if (performance.now() > deadline) {
      throw new Error(`${name} did not answer within ${withinMs / 1_000} s; its last words:\n${endOfLog(log)}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
