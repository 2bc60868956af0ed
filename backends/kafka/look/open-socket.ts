/** The connection itself, in plain text or with TLS, and what it says when it does not come about. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { UnavailableError } from '../../../contracts/errors.ts';
import { AccessError } from '../access-error.ts';
import type { KafkaTls } from '../kafka-settings.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export function nameOf({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** Where systems keep the authorities that they trust: librdkafka asks OpenSSL for these, Node has a list of its own. */
const SYSTEM_AUTHORITIES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
export const WHICH_PORT =
  'see which of its listeners kafkaBrokers names, and whether that wants TLS (kafkaTls) or a login (kafkaSasl)';

function tlsOptions({ ca, own }: KafkaTls): ConnectionOptions {
  const authorities = ca ?? SYSTEM_AUTHORITIES.find((file) => existsSync(file));
  return {
    ...(authorities === undefined ? {} : { ca: readFileSync(authorities) }),
    ...(own === undefined ? {} : { cert: readFileSync(own.cert), key: readFileSync(own.key) }),
  };
}

function ofCertificate(name: string, code: string, message: string): AccessError | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new AccessError(
      `${name} shows a certificate for another name: ${message}`,
      'name the brokers in kafkaBrokers and advertised.listeners as their certificates do, or make these anew',
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return new AccessError(
      `${name} shows a certificate that does not hold now (${code})`,
      'make it anew, or set the clock of this machine',
    );
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(SIGNATURE|UNTRUSTED|REJECTED)|INVALID_CA/.test(code))
    return new AccessError(
      `${name} shows a certificate of an authority that is not known here (${code})`,
      'set kafkaTlsCa to the PEM file of the authority that signed it',
    );
  return undefined;
}

const REFUSES_CLIENT = /ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERT)|HANDSHAKE_FAILURE/;
const NO_TLS: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

interface Break extends Error {
  readonly code?: string;
}

/** Why a connection broke before anything was answered. */
export function explainBreak(name: string, error: Break, tls: KafkaTls | undefined): UnavailableError {
  const { code = '', message } = error;
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new AccessError(`${name} broke the connection instead of an answer`, WHICH_PORT, { cause: error });
  if (tls !== undefined && REFUSES_CLIENT.test(code))
    return new AccessError(
      tls.own === undefined
        ? `${name} wants a certificate of ours (${code})`
        : `${name} does not take our certificate ${tls.own.cert} (${code})`,
      'set kafkaTlsCert and kafkaTlsKey to what an authority signed that the broker knows (its ssl.truststore)',
      { cause: error },
    );
  return new UnavailableError(`${name}: ${message}`, { cause: error });
}

function explainHandshake(name: string, error: Break, tls: KafkaTls): UnavailableError {
  const { code = '', message } = error;
  if (NO_TLS.has(code)) return new AccessError(`${name} does not speak TLS on this port`, WHICH_PORT, { cause: error });
  return ofCertificate(name, code, message) ?? explainBreak(name, error, tls);
}

async function untilOpen(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  }
}

/** @param signal ends the wait @throws UnavailableError, AccessError */
export async function openSocket(address: Address, signal: AbortSignal, tls: KafkaTls | undefined): Promise<Socket> {
  const name = nameOf(address);
  const socket = connect({ ...address, noDelay: true });
  try {
    await untilOpen(socket, 'connect', signal);
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    const why = signal.aborted ? 'takes no connection in time' : `takes no connection (${code ?? message})`;
    throw new UnavailableError(`${name} ${why}`, { cause: error });
  }
  if (tls === undefined) return socket;
  // What happens to it from here on is told by the connection around it.
  socket.on('error', () => undefined);
  const secured = connectTls({ socket, host: address.host, ...tlsOptions(tls) });
  try {
    await untilOpen(secured, 'secureConnect', signal);
  } catch (error) {
    socket.destroy();
    if (signal.aborted)
      throw new AccessError(`${name} takes connections and does not answer by TLS in time`, WHICH_PORT);
    throw explainHandshake(name, error as Break, tls);
  }
  return secured;
}
