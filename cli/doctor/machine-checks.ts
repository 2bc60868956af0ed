/** What the machine gives: the program that runs us, its clock, its limits, its ports. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { check, type Check } from './check.ts';

/** Files beside connections: the database, its readers, the API, the program. */
const OTHER_FILES = 200;
/** A clock may have been corrected by so much since the last record. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

export function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 20);
  return check('node', ok, process.versions.node, 'install Node 20.20 or newer');
}

/** When this program was put on the machine: no clock that is right shows less. */
function installedAt(): number {
  return statSync(new URL(import.meta.url)).mtimeMs;
}

/**
 * Without asking another clock: time is not before what has been.
 * @param lastReceived of the log, epoch ms
 */
export function checkClock(now: number, lastReceived: number | undefined): Check {
  const shown = new Date(now).toISOString();
  const remedy = 'set the clock (chrony, systemd-timesyncd): reports from its future are quarantined';
  if (now < installedAt() - CLOCK_TOLERANCE_MS) {
    return check('clock', false, `${shown}, before this program was installed`, remedy);
  }
  const behindMs = (lastReceived ?? Number.NEGATIVE_INFINITY) - now;
  if (behindMs <= CLOCK_TOLERANCE_MS) return check('clock', true, shown, remedy);
  const hours = (behindMs / HOUR_MS).toFixed(1);
  return check('clock', false, `${shown}, ${hours} h behind the last record of the log`, remedy);
}

interface FileLimit {
  readonly limit: number;
  readonly of: string;
}

/**
 * The most files that a process may have open: the hard limit, to which Node raises its own.
 * @param pid of the running server, where one runs
 * @returns undefined where the system does not tell
 */
function openFilesLimit(pid: number | undefined): FileLimit | undefined {
  const own = { path: '/proc/self/limits', of: 'a process started from here' };
  const server = { path: `/proc/${String(pid)}/limits`, of: `the running server (process ${String(pid)})` };
  const places = pid === undefined ? [own] : [server, own];
  for (const { path, of } of places) {
    if (!existsSync(path)) continue;
    const hard = /^Max open files\s+\S+\s+(\d+|unlimited)/m.exec(readFileSync(path, 'utf8'))?.[1];
    if (hard !== undefined) return { limit: hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard), of };
  }
  return undefined;
}

/**
 * Each connection of a device is an open file; where they run out, further devices are reset without a word.
 * @param pid of the running server, where one runs: its limit counts, not that of who asks
 */
export function checkOpenFiles(pid: number | undefined, connections: number): Check {
  const found = openFilesLimit(pid);
  const needed = connections + OTHER_FILES;
  if (found === undefined) return check('files', true, 'this system does not tell how many files may be open', '');
  const limit = Number.isFinite(found.limit) ? String(found.limit) : 'any number of';
  const detail =
    `${found.of} may open ${limit} files; ${String(connections)} MQTT connections (the setting \`connections\`) ` +
    `need ${String(needed)}`;
  const remedy =
    `raise the limit to ${String(needed)} or more where it is started (LimitNOFILE= of the service, ulimit -Hn of a ` +
    'shell), or set `connections` to as many as there are devices';
  return check('files', found.limit >= needed, detail, remedy);
}

function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => {
      done(false);
    });
    server.listen(port, host, () => {
      server.close(() => {
        done(true);
      });
    });
  });
}

export async function checkPort(
  name: string,
  at: { host: string; port: number; flag: string; isRunning: boolean },
): Promise<Check> {
  const place = `${at.host}:${String(at.port)}`;
  if (await isPortFree(at.host, at.port)) return check(name, true, `${place} is free`, '');
  if (at.isRunning) return check(name, true, `${place} is in use by the running system`, '');
  return check(name, false, `${place} is in use`, `end the other program, or choose another port with ${at.flag}`);
}
