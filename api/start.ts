/** Listens with the API. */
import type { AddressInfo } from 'node:net';
import { UnavailableError } from '../contracts/errors.ts';
import { createApp, type Tls } from './app.ts';
import type { ApiDeps } from './deps.ts';

export interface Listening {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly tls?: Tls;
}

export interface RunningApi {
  readonly port: number;
  readonly url: string;
  /** Ends live streams, lets running requests finish, and closes the port. */
  stop(): Promise<void>;
}

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** @throws UnavailableError where the port is in use or the address is not ours */
export async function startApi(deps: ApiDeps, { host, port, tls }: Listening): Promise<RunningApi> {
  const app = createApp(deps, tls);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES'].includes(code)) throw error;
    throw new UnavailableError(`cannot listen on ${host}:${port} (${code}); use another port`, { cause: error });
  }
  const address = app.server.address() as AddressInfo;
  const scheme = tls === undefined ? 'http' : 'https';
  return { port: address.port, url: `${scheme}://${urlHost(host)}:${address.port}/`, stop: () => app.close() };
}
