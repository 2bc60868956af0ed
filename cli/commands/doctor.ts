/** `stackwarden doctor`: what could keep the system from working, one line each, with the remedy. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { checkDatabase, closeDatabase, databasePath, openForReading } from '../../backends/sqlite/open-database.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit-code.ts';
import { askServer } from '../running-server.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

const LEAST_FREE_BYTES = 2 * 1024 ** 3;
const EARLIEST_CLOCK = Date.UTC(2026, 0, 1);

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 20);
  return { name: 'node', ok, detail: process.versions.node, ...(ok ? {} : { remedy: 'install Node 20.20 or newer' }) };
}

function checkClock(): Check {
  const ok = Date.now() > EARLIEST_CLOCK;
  return {
    name: 'clock',
    ok,
    detail: new Date().toISOString(),
    ...(ok ? {} : { remedy: 'set the clock; without it every report comes from the future' }),
  };
}

function checkFolder(folder: string): Check {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch (error) {
    return {
      name: 'folder',
      ok: false,
      detail: `${folder}: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'make the folder writable, or choose another with --data',
    };
  }
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  const ok = free >= LEAST_FREE_BYTES;
  return {
    name: 'disk',
    ok,
    detail: `${folder}: ${(free / 1024 ** 3).toFixed(1)} GiB free`,
    ...(ok ? {} : { remedy: 'free at least 2 GiB: when the disk is full nothing is acknowledged any more' }),
  };
}

function checkFile(folder: string): Check {
  if (!existsSync(databasePath(folder)))
    return { name: 'database', ok: true, detail: 'not there yet; the first start makes it' };
  try {
    const database = openForReading(folder);
    try {
      const faults = checkDatabase(database);
      const ok = faults.length === 0;
      return {
        name: 'database',
        ok,
        detail: ok ? `${databasePath(folder)} is sound` : `${databasePath(folder)}: ${faults.join('; ')}`,
        ...(ok ? {} : { remedy: 'stop, keep a copy of the folder, and restore the last backup' }),
      };
    } finally {
      closeDatabase(database);
    }
  } catch (error) {
    return {
      name: 'database',
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
      remedy: 'stop, keep a copy of the folder, and restore the last backup',
    };
  }
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

async function checkPort(
  name: string,
  at: { host: string; port: number; flag: string; isRunning: boolean },
): Promise<Check> {
  const free = await isPortFree(at.host, at.port);
  if (free) return { name, ok: true, detail: `${at.host}:${String(at.port)} is free` };
  if (at.isRunning) return { name, ok: true, detail: `${at.host}:${String(at.port)} is in use by the running system` };
  return {
    name,
    ok: false,
    detail: `${at.host}:${String(at.port)} is in use`,
    remedy: `end the other program, or choose another port with ${at.flag}`,
  };
}

async function checkServer(folder: string): Promise<Check> {
  try {
    const { status } = await askServer(folder, '/health/ready', { method: 'GET' });
    return {
      name: 'server',
      ok: status === 200,
      detail: `answers ${String(status)}`,
      ...(status === 200 ? {} : { remedy: 'look at /health/ready: it says what is missing' }),
    };
  } catch (error) {
    return {
      name: 'server',
      ok: true,
      detail: `not running (${error instanceof Error ? error.message : String(error)})`,
    };
  }
}

async function checkRegistry(path: string | undefined): Promise<Check> {
  if (path === undefined) return { name: 'registry', ok: true, detail: 'none given; the one in the log holds' };
  try {
    const { registry, problems, warnings } = readRegistry(await loadRegistryFiles(path));
    const ok = registry !== undefined && problems.length === 0;
    return {
      name: 'registry',
      ok,
      detail: `${String(problems.length)} problems, ${String(warnings.length)} warnings`,
      ...(ok ? {} : { remedy: `stackwarden registry check ${path}` }),
    };
  } catch (error) {
    return {
      name: 'registry',
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
      remedy: 'name a file or folder that can be read',
    };
  }
}

/** @returns the exit code: 1 where something is wrong */
export async function runDoctor(config: Config, json: boolean, out: { write(text: string): void }): Promise<number> {
  const folder = resolve(config.data);
  const server = await checkServer(folder);
  const isRunning = server.detail.startsWith('answers');
  const checks: Check[] = [
    checkNode(),
    checkClock(),
    checkFolder(folder),
    checkFile(folder),
    server,
    await checkPort('http', { host: config.host, port: config.http, flag: '--http', isRunning }),
    await checkPort('mqtt', { host: config.host, port: config.mqtt, flag: '--mqtt', isRunning }),
    await checkRegistry(config.registry),
  ];
  if (json) out.write(`${JSON.stringify(checks)}\n`);
  else
    for (const check of checks) {
      out.write(
        `${check.ok ? 'ok    ' : 'WRONG '} ${check.name.padEnd(9)} ${check.detail}${check.remedy === undefined ? '' : `. Do: ${check.remedy}`}\n`,
      );
    }
  return checks.every((check) => check.ok) ? EXIT.done : EXIT.input;
}
