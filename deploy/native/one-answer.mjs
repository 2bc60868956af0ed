/** Asks a server one thing over TCP: a server that is ready says something, one that only listens does not. */
import { connect } from 'node:net';

const PATIENCE_MS = 1_000;

/**
 * What comes back for `request`, once `isWhole` says that nothing is missing; undefined where the server refuses, closes,
 * or says nothing within a second.
 * @param {number} port
 * @param {Buffer} request
 * @param {(answer: Buffer) => boolean} isWhole
 * @returns {Promise<Buffer | undefined>}
 */
export function askOnce(port, request, isWhole) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = Buffer.alloc(0);
    /** @param {Buffer} [whole] */
    const settle = (whole) => {
      socket.destroy();
      resolve(whole);
    };
    socket.setTimeout(PATIENCE_MS, () => {
      settle();
    });
    // Refused and reset are what a server says that is not ready yet.
    socket.on('error', () => {
      settle();
    });
    socket.on('close', () => {
      settle();
    });
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (isWhole(answer)) settle(answer);
    });
  });
}
