/** Kafka, one KRaft node: from Maven's jars to a broker that serves. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from './cache.mjs';
import { freePort } from './free-port.mjs';
import { findProgram, MissingServer } from './missing-server.mjs';
import { askOnce } from './one-answer.mjs';
import { lastLines } from './server-process.mjs';

/** @typedef {import('./server-kind.mjs').Place} Place */

const run = promisify(execFile);

const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('server.properties', import.meta.url));
/** Kafka 4 is compiled for it. */
const JAVA_AT_LEAST = 17;
/** 46 jars, 43 MB: 18 s here, minutes on a slow line. */
const FETCH_WITHIN_MS = 900_000;

function findJava() {
  const home = process.env['JAVA_HOME'];
  const java = home !== undefined && existsSync(join(home, 'bin/java')) ? join(home, 'bin/java') : findProgram('java');
  if (java === undefined) {
    throw new MissingServer('no Java for Kafka: apt-get install default-jre-headless');
  }
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version < JAVA_AT_LEAST) {
    throw new MissingServer(`Kafka needs Java ${JAVA_AT_LEAST} or later, ${java} is ${version}: set JAVA_HOME`);
  }
  return java;
}

/** @param {string} folder */
async function fetchJars(folder) {
  const maven = findProgram('mvn');
  if (maven === undefined) throw new MissingServer('no Maven to fetch Kafka with: apt-get install maven');
  console.error('fetching Kafka, once: 43 MB');
  const part = `${folder}.part-${process.pid}`;
  const args = ['-q', '-B', '-C', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${part}`];
  try {
    await run(maven, args, { timeout: FETCH_WITHIN_MS, maxBuffer: 16 * 1_048_576 });
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    // Another process may have fetched the same in the meantime.
    if (existsSync(folder)) return;
    const { stdout = '', message } = /** @type {Error & { stdout?: string }} */ (error);
    throw new MissingServer(`Maven did not bring Kafka's jars:\n${lastLines(stdout === '' ? message : stdout, 8)}`);
  }
}

/** @param {{ fetch: boolean }} options */
async function find({ fetch }) {
  const java = findJava();
  const version = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const jars = join(cacheFolder(), `kafka-${version}`);
  if (!existsSync(jars)) {
    if (!fetch) throw new MissingServer("Kafka's jars were not fetched yet: run deploy/native/up kafka once");
    await fetchJars(jars);
  }
  return { java, jars };
}

/**
 * A client asks for the brokers' addresses and goes there. Those that come through a proxy have a listener of their own,
 * which tells them the proxy's address; else they would go around it.
 * @param {Place} place
 * @param {number} controllerPort
 */
function properties({ folder, port, proxied, guarded }, controllerPort) {
  const more = guarded?.listeners ?? [];
  const clients = [`PLAINTEXT://127.0.0.1:${port}`, ...more.map((one) => `${one.name}://127.0.0.1:${one.port}`)];
  const listeners = proxied === undefined ? clients : [...clients, `PROXIED://127.0.0.1:${proxied.port}`];
  const advertised = proxied === undefined ? clients : [...clients, `PROXIED://127.0.0.1:${proxied.advertisedPort}`];
  const words = {
    controllerPort: String(controllerPort),
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    advertisedListeners: advertised.join(','),
    moreProtocols: more.map(({ name, protocol }) => `,${name}:${protocol}`).join(''),
    logFolder: join(folder, 'log'),
  };
  const filled = Object.entries(words).reduce(
    (text, [word, value]) => text.replaceAll(`{{${word}}}`, value),
    readFileSync(TEMPLATE, 'utf8'),
  );
  const left = /^(?!#).*\{\{/m.exec(filled);
  if (left !== null) throw new Error(`server.properties asks for what is not known: ${left[0]}`);
  return [filled, ...(guarded?.properties ?? []), ''].join('\n');
}

/**
 * @param {Place} place
 * @param {{ java: string, jars: string }} program
 */
async function prepare(place, { java, jars }) {
  mkdirSync(join(place.folder, 'tmp'));
  const file = join(place.folder, 'server.properties');
  writeFileSync(file, properties(place, await freePort()));
  // Kafka's own ids are 16 bytes of this alphabet; a leading minus would be taken for a flag.
  const id = `k${randomBytes(16).toString('base64url').slice(1)}`;
  const format = ['-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-cp', `${jars}/*`, 'kafka.tools.StorageTool'];
  const users = (place.guarded?.users ?? []).flatMap((user) => ['--add-scram', user]);
  await run(java, [...format, 'format', '-t', id, '-c', file, ...users], { timeout: 120_000 });
}

/**
 * @param {Place} place
 * @param {{ java: string, jars: string }} program
 */
function launch({ folder }, { java, jars }) {
  const args = [
    '-Xms256m',
    '-Xmx1g',
    '-XX:+ExitOnOutOfMemoryError',
    // What Java leaves in the system's folder for temporary files outlives a kill.
    '-XX:-UsePerfData',
    `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-cp',
    `${jars}/*`,
    'kafka.Kafka',
    join(folder, 'server.properties'),
  ];
  return { command: java, args };
}

/** Length, Metadata, version 0, our number 1, no client id, no topic named. */
const METADATA_REQUEST = Buffer.from('0000000e' + '0003' + '0000' + '00000001' + 'ffff' + '00000000', 'hex');

/** @param {Buffer} answer */
const isWhole = (answer) => answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0);

/**
 * The ports of the brokers that a client is sent to who asks at this one; none where nobody answers.
 * @param {number} port
 */
export async function brokerPorts(port) {
  const answer = await askOnce(port, METADATA_REQUEST, isWhole);
  /** @type {number[]} */
  const ports = [];
  // Length, our number, how many brokers; of each its id, its host as length and text, its port.
  const count = answer?.readInt32BE(8) ?? 0;
  for (let at = 12; answer !== undefined && ports.length < count;) {
    const portAt = at + 4 + 2 + answer.readInt16BE(at + 4);
    ports.push(answer.readInt32BE(portAt));
    at = portAt + 4;
  }
  return ports;
}

/**
 * A broker takes connections before it serves; it stands in its own list of brokers only when it does.
 * @param {Place} place
 */
async function answers({ port }) {
  return (await brokerPorts(port)).length > 0;
}

/** @param {Place} place */
async function settle({ port }) {
  return { STACKWARDEN_TEST_KAFKA: `127.0.0.1:${port}` };
}

/** @type {import('./server-kind.mjs').ServerKind<{ java: string, jars: string }>} */
export const kafka = {
  name: 'kafka',
  readyWithinMs: 120_000,
  stopWithinMs: 30_000,
  find,
  prepare,
  launch,
  answers,
  settle,
};
