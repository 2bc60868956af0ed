/** InfluxDB 2.7: from a binary, packed or not, to a server with an organisation, a bucket and a token. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createWriteStream, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, sha256Of } from './cache.mjs';
import { findProgram, MissingServer } from './missing-server.mjs';

/** @typedef {import('./server-kind.mjs').Place} Place */

const ASK_WITHIN_MS = 5_000;
const ORGANISATION = 'stackwarden';
const BUCKET = 'stackwarden';

const HOW_TO_GET =
  'no InfluxDB: set STACKWARDEN_NATIVE_INFLUXD to an influxd 2.7 (or its .xz), or put influxd into PATH';

/**
 * @param {string} packed
 * @param {string} target
 */
async function unpack(packed, target) {
  const xz = findProgram('xz');
  if (xz === undefined) throw new MissingServer(`no xz to unpack ${packed} with: apt-get install xz-utils`);
  const child = spawn(xz, ['-dc', packed], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await pipeline(child.stdout, createWriteStream(target));
  const [code] = /** @type {[number | null]} */ (await ended);
  if (code !== 0) throw new Error(`xz cannot unpack ${packed}: it ended with ${code}`);
  chmodSync(target, 0o755);
}

/** @param {string} file */
async function checkSum(file) {
  const wanted = process.env['STACKWARDEN_NATIVE_INFLUXD_SHA256'];
  if (wanted === undefined) return;
  const found = await sha256Of(file);
  if (found !== wanted.toLowerCase()) {
    throw new Error(`the sha256 of ${file} is ${found}, not STACKWARDEN_NATIVE_INFLUXD_SHA256 ${wanted}`);
  }
}

/** The one that was unpacked last, so that a later start needs no settings; beside it the sha256 of its .xz. */
const unpackedFile = () => join(cacheFolder(), 'influxd');
const originFile = () => `${unpackedFile()}.from`;

/** @param {string} packed */
async function findUnpacked(packed) {
  const target = unpackedFile();
  const origin = await sha256Of(packed);
  const isIt = existsSync(target) && existsSync(originFile()) && readFileSync(originFile(), 'utf8') === origin;
  if (isIt) {
    await checkSum(target);
    return target;
  }
  // A running server keeps the file that it was started from; it is replaced, not written over.
  const part = `${target}.part-${process.pid}`;
  try {
    await unpack(packed, part);
    await checkSum(part);
    rmSync(originFile(), { force: true });
    renameSync(part, target);
    writeFileSync(originFile(), origin);
  } finally {
    rmSync(part, { force: true });
  }
  return target;
}

async function find() {
  const named = process.env['STACKWARDEN_NATIVE_INFLUXD'];
  if (named === undefined || named === '') {
    const found = findProgram('influxd') ?? (existsSync(unpackedFile()) ? unpackedFile() : undefined);
    if (found === undefined) throw new MissingServer(HOW_TO_GET);
    return found;
  }
  if (!existsSync(named)) throw new MissingServer(`STACKWARDEN_NATIVE_INFLUXD: there is no ${named}`);
  if (named.endsWith('.xz')) return findUnpacked(named);
  await checkSum(named);
  return named;
}

async function prepare() {
  // It makes its files itself, and needs no configuration beside its flags.
}

/**
 * @param {Place} place
 * @param {string} influxd
 */
function launch({ folder, port }, influxd) {
  const flags = {
    '--bolt-path': join(folder, 'influxd.bolt'),
    '--sqlite-path': join(folder, 'influxd.sqlite'),
    '--engine-path': join(folder, 'engine'),
    '--http-bind-address': `127.0.0.1:${port}`,
    '--log-level': 'info',
  };
  // Whatever it looks for beside its flags, it finds nobody else's.
  const env = { HOME: folder, INFLUXD_CONFIG_PATH: folder };
  return { command: influxd, args: [...Object.entries(flags).flat(), '--reporting-disabled'], env };
}

/** @param {Place} place */
async function answers({ port }) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
    return /** @type {{ status?: string }} */ (await response.json()).status === 'pass';
  } catch (error) {
    // Refused, reset or silent: not yet. fetch says so with a TypeError, the time limit with a DOMException.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** @param {Place} place */
async function settle({ port }) {
  const url = `http://127.0.0.1:${port}`;
  const token = randomBytes(32).toString('base64url');
  const body = {
    username: 'stackwarden',
    password: randomBytes(24).toString('base64url'),
    org: ORGANISATION,
    bucket: BUCKET,
    token,
  };
  const response = await fetch(`${url}/api/v2/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status !== 201) throw new Error(`influx refused its setup: ${response.status} ${await response.text()}`);
  return {
    STACKWARDEN_TEST_INFLUX_URL: url,
    STACKWARDEN_TEST_INFLUX_ORG: ORGANISATION,
    STACKWARDEN_TEST_INFLUX_BUCKET: BUCKET,
    STACKWARDEN_TEST_INFLUX_TOKEN: token,
  };
}

/** @type {import('./server-kind.mjs').ServerKind<string>} */
export const influx = {
  name: 'influx',
  readyWithinMs: 60_000,
  stopWithinMs: 20_000,
  find,
  prepare,
  launch,
  answers,
  settle,
};
