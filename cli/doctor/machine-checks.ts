/** What the machine gives: the program that runs us, its clock, its limits, its ports. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
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

/** The most files that a process may have open; undefined where the system does not tell. */
function openFilesLimit(folder: string): { readonly limit: number; readonly of: string } | undefined {
  const holder = join(folder, 'stackwarden.pid');
  const pid = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : '';
  const places = [
    { path: `/proc/${pid}/limits`, of: 'the running server' },
    { path: '/proc/self/limits', of: 'a process started from here' },
  ];
  for (const { path, of } of places) {
    if (!existsSync(path)) continue;
    const hard = /^Max open files\s+\S+\s+(\d+|unlimited)/m.exec(readFileSync(path, 'utf8'))?.[1];
    // Node raises its own limit to the hard one.
    if (hard !== undefined) return { limit: hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard), of };
  }
  return undefined;
}

export function checkOpenFiles(folder: string, connections: number): Check {
  const found = openFilesLimit(folder);
  const needed = connections + OTHER_FILES;
  if (found === undefined) return check('files', true, 'this system does not tell how many files may be open', '');
  const detail = `${found.of} may open ${String(found.limit)} files; ${String(connections)} connections need ${String(needed)}`;
  return check('files', found.limit >= needed, detail, `raise it (LimitNOFILE=, ulimit -n), or lower \`connections\``);
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
