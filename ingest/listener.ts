/** The listening socket, plain or TLS, with the door in front of it. */
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { UnavailableError } from '../contracts/errors.ts';
import { Door } from './door.ts';
import type { Limits } from './limits.ts';
import type { IngestMetrics, RefusalReason } from './metrics.ts';

/** PEM texts. With `ca`, clients may prove themselves by a certificate that it signed. */
export interface TlsFiles {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  readonly ca?: string | Buffer;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  readonly limits: Limits;
  readonly metrics: IngestMetrics;
  readonly monotonic: () => number;
  /** A socket that is ready to be read; of TLS, after the handshake. */
  readonly accept: (socket: Socket) => void;
  readonly refused: (reason: RefusalReason, address: string) => void;
}

const PROBE_MS = 60_000;
const GOODBYE_MS = 1_500;

function tlsOptions({ key, cert, ca }: TlsFiles, limits: Limits): TlsOptions {
  const options = { key, cert, minVersion: 'TLSv1.2', handshakeTimeout: limits.connectMs } as const;
  // Not rejected by TLS itself: a device with a password needs no certificate.
  return ca === undefined ? options : { ...options, ca, requestCert: true, rejectUnauthorized: false };
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #door: Door;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#door = new Door(options.limits, options.monotonic);
    if (options.tls === undefined) {
      this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_MS });
      this.#server.on('connection', (socket) => {
        if (this.#enter(socket)) options.accept(socket);
      });
      return;
    }
    const server = createTlsServer(tlsOptions(options.tls, options.limits));
    // In front of the server's own listener: the door comes before the handshake.
    server.prependListener('connection', (socket: Socket) => {
      socket.setNoDelay(true).setKeepAlive(true, PROBE_MS);
      this.#enter(socket);
    });
    server.on('secureConnection', options.accept);
    server.on('tlsClientError', (_error, socket) => {
      options.refused('tls', socket.remoteAddress ?? '');
      socket.destroy();
    });
    this.#server = server;
  }

  /** @returns the port; @throws UnavailableError where it cannot be had */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: Error): void => {
        reject(new UnavailableError(`cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
      };
      this.#server.once('error', fail);
      this.#server.listen({ host, port, backlog: 4_096 }, () => {
        this.#server.off('error', fail);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Nothing new comes in; what is open stays. */
  stopAccepting(): void {
    this.#server.close();
  }

  /** Resolves when all connections are closed; those that are not after a while are destroyed. */
  async close(): Promise<void> {
    const timer = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, GOODBYE_MS);
    await Promise.all([...this.#open].map((socket) => once(socket, 'close')));
    clearTimeout(timer);
  }

  #enter(socket: Socket): boolean {
    const { metrics, refused } = this.#options;
    const address = socket.remoteAddress ?? '';
    const reason = this.#door.enter(address);
    if (reason !== undefined) {
      refused(reason, address);
      socket.destroy();
      return false;
    }
    metrics.opened += 1;
    metrics.connections += 1;
    this.#open.add(socket);
    socket.once('close', () => {
      this.#door.leave(address);
      this.#open.delete(socket);
      metrics.connections -= 1;
    });
    // Until Aedes listens, and behind a handshake that broke off; the close that follows is what counts.
    socket.on('error', () => undefined);
    return true;
  }
}

/** Name in the client certificate that TLS has verified; undefined where there is none. */
export function certificateName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}
