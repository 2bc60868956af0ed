/**
 * Makes what stackwarden and Grafana need in InfluxDB, once: the bucket, a token for the stages that may read and write
 * this bucket alone, and one for Grafana that may only read it: a panel could write otherwise. What is there and works
 * is left as it is.
 *
 *     INFLUX_URL=http://127.0.0.1:8086 INFLUX_ADMIN_TOKEN_FILE=… node make-tokens.mjs FOLDER
 *
 * writes FOLDER/stackwarden and FOLDER/grafana. INFLUX_ORG and INFLUX_BUCKET are `stackwarden` unless they are set.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ANSWER_MS = 30_000;

/** @typedef {{ url: string, org: string, bucket: string, admin: string }} Influx */

/**
 * @param {Influx} influx
 * @param {string} token
 * @param {string} path
 * @param {unknown} [body] makes it a POST
 */
async function ask({ url }, token, path, body) {
  const response = await fetch(new URL(path, url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  return { status: response.status, text };
}

/**
 * @param {Influx} influx
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function askAsAdmin(influx, path, body) {
  const { status, text } = await ask(influx, influx.admin, path, body);
  if (status >= 300) throw new Error(`InfluxDB answered ${String(status)} to ${path}: ${text}`);
  return JSON.parse(text);
}

/** @param {Influx} influx */
async function organisationId(influx) {
  const { orgs } = await askAsAdmin(influx, `/api/v2/orgs?org=${encodeURIComponent(influx.org)}`);
  return String(orgs[0].id);
}

/**
 * @param {Influx} influx
 * @param {string} orgID
 */
async function bucketId(influx, orgID) {
  const { status, text } = await ask(influx, influx.admin, bucketPath(influx, orgID));
  if (status === 200) return String(JSON.parse(text).buckets[0].id);
  if (status !== 404) throw new Error(`InfluxDB answered ${String(status)}: ${text}`);
  const made = await askAsAdmin(influx, '/api/v2/buckets', { orgID, name: influx.bucket, retentionRules: [] });
  return String(made.id);
}

/**
 * @param {Influx} influx
 * @param {string} orgID
 */
const bucketPath = ({ bucket }, orgID) => `/api/v2/buckets?${new URLSearchParams({ orgID, name: bucket }).toString()}`;

/** @param {string} path */
function readToken(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (/** @type {{ code?: string }} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param {Influx} influx
 * @param {string} orgID
 * @param {string} path of the file with the token
 */
async function isGood(influx, orgID, path) {
  const token = readToken(path);
  if (token === undefined) return false;
  const { status, text } = await ask(influx, token, bucketPath(influx, orgID));
  if (status >= 500) throw new Error(`InfluxDB answered ${String(status)}: ${text}`);
  return status === 200;
}

/**
 * @param {Influx} influx
 * @param {string} folder
 * @returns {Promise<readonly string[]>} names of the tokens that were made now
 */
export async function makeTokens(influx, folder) {
  const orgID = await organisationId(influx);
  const id = await bucketId(influx, orgID);
  const resource = { type: 'buckets', id, orgID };
  const read = { action: 'read', resource };
  const kinds = { stackwarden: [read, { action: 'write', resource }], grafana: [read] };
  mkdirSync(folder, { recursive: true });
  const made = [];
  for (const [name, permissions] of Object.entries(kinds)) {
    const path = join(folder, name);
    if (await isGood(influx, orgID, path)) continue;
    const description = `${name}: ${influx.bucket}`;
    const { token } = await askAsAdmin(influx, '/api/v2/authorizations', { orgID, description, permissions });
    rmSync(`${path}.part`, { force: true });
    // Each of its readers is another user; the folder is what keeps others out.
    writeFileSync(`${path}.part`, `${String(token)}\n`, { mode: 0o444 });
    renameSync(`${path}.part`, path);
    made.push(name);
  }
  return made;
}

async function main() {
  const {
    INFLUX_URL,
    INFLUX_ADMIN_TOKEN_FILE,
    INFLUX_ORG = 'stackwarden',
    INFLUX_BUCKET = 'stackwarden',
  } = process.env;
  const folder = process.argv[2];
  if (INFLUX_URL === undefined || INFLUX_ADMIN_TOKEN_FILE === undefined || folder === undefined) {
    console.error('usage: INFLUX_URL=… INFLUX_ADMIN_TOKEN_FILE=… node make-tokens.mjs FOLDER');
    return 2;
  }
  const admin = readFileSync(INFLUX_ADMIN_TOKEN_FILE, 'utf8').trim();
  const made = await makeTokens({ url: INFLUX_URL, org: INFLUX_ORG, bucket: INFLUX_BUCKET, admin }, folder);
  console.log(made.length === 0 ? 'the tokens are there' : `made: ${made.join(', ')}`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
