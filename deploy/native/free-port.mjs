/** Free ports on loopback, in a range from which the system gives none by itself. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/**
 * Below the ports that the system gives to outgoing connections (32768 and up on Linux, 49152 and up elsewhere). A
 * server that is restarted must find its port free; from the system's range a client that tries to reach it meanwhile
 * could be given just that port, and even be connected to itself.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/** Given already by this process: what is free may not be listened on yet. */
const given = new Set();

/** @param {number} port */
async function isFree(port) {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}

/** A port of 127.0.0.1 on which nothing listens. Another process may take it before the caller does. */
export async function freePort() {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
  throw new Error(`no free port among ${ATTEMPTS} between ${LOWEST} and ${HIGHEST}`);
}
