/** Mosquitto, with the broker's configuration of a centre and a listener of its own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, MissingServer } from './missing-server.mjs';
import { askOnce } from './one-answer.mjs';

/** @typedef {import('./server-kind.mjs').Place} Place */

const CONFIGURATION = fileURLToPath(new URL('../mosquitto/mosquitto.conf', import.meta.url));

async function find() {
  const mosquitto = findProgram('mosquitto');
  if (mosquitto !== undefined) return mosquitto;
  throw new MissingServer('no Mosquitto: apt-get install mosquitto (its own service is not used and may be disabled)');
}

/** @param {Place} place */
async function prepare({ folder, port }) {
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  const ownLines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `persistence_location ${kept}/`,
    'log_dest stderr',
    // Started by root it would become another user, who may not write here.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${readFileSync(CONFIGURATION, 'utf8')}\n${ownLines.join('\n')}\n`);
}

/**
 * @param {Place} place
 * @param {string} mosquitto
 */
function launch({ folder }, mosquitto) {
  return { command: mosquitto, args: ['-c', join(folder, 'mosquitto.conf')] };
}

/** CONNECT of MQTT 3.1.1: clean session, keep-alive 60 s, no client id. */
const CONNECT = Buffer.from('100c' + '00044d515454' + '04' + '02' + '003c' + '0000', 'hex');
const ACCEPTED = Buffer.from('20020000', 'hex');

/** @param {Place} place */
async function answers({ port }) {
  const answer = await askOnce(port, CONNECT, (bytes) => bytes.length >= ACCEPTED.length);
  return answer?.equals(ACCEPTED) === true;
}

/** @param {Place} place */
async function settle({ port }) {
  return { STACKWARDEN_TEST_MQTT: `mqtt://127.0.0.1:${port}` };
}

/** @type {import('./server-kind.mjs').ServerKind<string>} */
export const mosquitto = {
  name: 'mosquitto',
  readyWithinMs: 30_000,
  stopWithinMs: 10_000,
  find,
  prepare,
  launch,
  answers,
  settle,
};
