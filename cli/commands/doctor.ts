/** `stackwarden doctor`: what could keep the system from working, one line each, with the remedy. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { acceptMissingLog } from '../../backends/sqlite/accept-loss.ts';
import { folderHolder } from '../../backends/sqlite/folder-lock.ts';
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import type { Config } from '../config.ts';
import { check, messageOf, type Check } from '../doctor/check.ts';
import { checkCredentials, checkStore } from '../doctor/database-checks.ts';
import { checkBackup, checkDisk, checkFolder, checkModes, checkWriteAheadLog } from '../doctor/folder-checks.ts';
import { checkClock, checkNode, checkOpenFiles, checkPort } from '../doctor/machine-checks.ts';
import { checkServers } from '../doctor/server-checks.ts';
import { EXIT } from '../exit-code.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { askServer } from '../running-server.ts';

export interface DoctorOptions {
  /** Without reading the whole database. */
  readonly quick: boolean;
  /** Takes a database whose write-ahead log is lost or damaged as it is, before it is checked. */
  readonly acceptLoss: boolean;
  readonly json: boolean;
  /** `UV_THREADPOOL_SIZE` of the environment. */
  readonly threads?: string | undefined;
  /** Told that something native did not come back: the process does not end by itself then. */
  readonly onHung?: () => void;
}

interface ServerCheck extends Check {
  /** The process that has the folder, and may have the ports; 0 = its number is not known, undefined = none. */
  readonly pid: number | undefined;
}

async function askReadiness(folder: string): Promise<Check> {
  const { status, body } = await askServer(folder, '/health/ready', { method: 'GET' });
  const ok = status === 200;
  const checks = (body as { checks?: readonly { name: string; ok: boolean; detail?: string }[] } | null)?.checks ?? [];
  const wrong = checks.filter((part) => !part.ok).map(({ name, detail }) => `${name}: ${detail ?? 'not ok'}`);
  const detail = `answers ${String(status)}${ok ? '' : `: ${wrong.join('; ')}`}`;
  return check('server', ok, detail, 'see what it says; /health/ready tells when it is over');
}

/** Whoever has the folder answers, or is about to: a start looks through the files first, an end writes what is left. */
async function checkServer(folder: string): Promise<ServerCheck> {
  let pid: number | undefined;
  try {
    pid = folderHolder(folder);
    if (pid === undefined) return { ...check('server', true, 'not running', ''), pid };
    return { ...(await askReadiness(folder)), pid };
  } catch (error) {
    if (pid === undefined)
      return { ...check('server', false, messageOf(error), 'make the folder readable for this user'), pid };
    const holder = pid === 0 ? 'another process' : `process ${String(pid)}`;
    const detail = `${holder} has the folder and does not answer (${messageOf(error)})`;
    const remedy = `ask again in a minute: it may be starting or ending; if this stays, end ${holder}`;
    return { ...check('server', false, detail, remedy), pid };
  }
}

async function checkRegistry(path: string | undefined): Promise<Check> {
  if (path === undefined) return check('registry', true, 'none given; the one in the log holds', '');
  try {
    const { registry, problems, warnings } = readRegistry(await loadRegistryFiles(path));
    const ok = registry !== undefined && problems.length === 0;
    const detail = `${String(problems.length)} problems, ${String(warnings.length)} warnings`;
    return check('registry', ok, detail, `stackwarden registry check ${path}`);
  } catch (error) {
    return check('registry', false, messageOf(error), 'name a file or folder that can be read');
  }
}

/** On Kafka a data folder holds the API's copy, which can be made anew: no backup, no credentials, and none where no API runs. */
function examineCopy(config: Config, folder: string, quick: boolean): readonly Check[] {
  const connections = config.source === 'endpoint' ? config.connections : config.sourceConnections;
  const machine = [checkNode(), checkClock(Date.now(), undefined), checkOpenFiles(undefined, connections)];
  if (!existsSync(folder)) return [...machine, check('folder', true, `${folder}: no copy of an API is here`, '')];
  const copy = [checkFolder(folder), checkDisk(folder), checkModes(folder), ...checkStore(folder, quick).checks];
  return [...machine, ...copy, checkWriteAheadLog(folder)];
}

async function examineStages(config: Config, folder: string, options: DoctorOptions): Promise<readonly Check[]> {
  const { quick, threads, onHung = () => undefined } = options;
  // Asked first: reading the copy keeps this process busy, and limits run out meanwhile.
  const servers = await checkServers({ config, threads, onHung });
  const registry = config.registry === undefined ? [] : [await checkRegistry(config.registry)];
  return [...examineCopy(config, folder, quick), ...servers, ...registry];
}

async function examine(config: Config, folder: string, options: DoctorOptions): Promise<readonly Check[]> {
  const { quick, threads, onHung = () => undefined } = options;
  if (config.log === 'kafka') return examineStages(config, folder, options);
  const { pid, ...server } = await checkServer(folder);
  const isRunning = pid !== undefined;
  const store = checkStore(folder, quick);
  const now = Date.now();
  return [
    checkNode(),
    checkClock(now, store.lastReceived),
    checkFolder(folder),
    checkDisk(folder),
    checkModes(folder),
    ...store.checks,
    checkWriteAheadLog(folder),
    checkCredentials(folder),
    checkBackup(folder, now, store.oldestReceived),
    checkOpenFiles(pid, config.connections),
    server,
    await checkPort('http', { host: config.host, port: config.http, flag: '--http', isRunning }),
    await checkPort('mqtt', { host: config.host, port: config.mqtt, flag: '--mqtt', isRunning }),
    await checkRegistry(config.registry),
    ...(await checkServers({ config, threads, onHung })),
  ];
}

function toLine({ ok, name, detail, remedy }: Check): string {
  return `${ok ? 'ok    ' : 'WRONG '} ${name.padEnd(9)} ${detail}${remedy === undefined ? '' : `. Do: ${remedy}`}\n`;
}

/** @returns the exit code: 1 where something is wrong */
export async function runDoctor(
  config: Config,
  options: DoctorOptions,
  out: { write(text: string): void },
): Promise<number> {
  const folder = resolve(config.data);
  if (options.acceptLoss) acceptMissingLog(folder);
  const checks = await examine(config, folder, options);
  out.write(options.json ? `${JSON.stringify(checks)}\n` : checks.map(toLine).join(''));
  return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.input;
}
