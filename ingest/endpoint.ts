/**
 * The MQTT endpoint that devices connect to. A PUBACK is sent after the durable write, never before it.
 *
 * The write happens inside Aedes' `authorizePublish`, which runs before the PUBACK; packets of one connection overlap
 * there, so appends go in groups. The order of refusals, from the outside in: the door (how many, how fast), TLS, the
 * gate (bytes and packet types), the credentials, the topic, and at last storage, whose refusal closes a connection
 * only after `refusalMs`.
 */
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { ConfigError } from '../contracts/errors.ts';
import { isLoopback } from '../contracts/loopback.ts';
import { accept, createBroker, createParts, monotonic, type EndpointOptions, type Parts } from './endpoint-parts.ts';
import { Listener } from './listener.ts';
import type { IngestMetrics } from './metrics.ts';
import type { PublishOnlyBroker } from './publish-only-broker.ts';

export type { EndpointOptions } from './endpoint-parts.ts';

export interface Endpoint {
  readonly port: number;
  readonly url: string;
  readonly metrics: IngestMetrics;
  /** Accepts and reads nothing more, lets appends under way end, acknowledges them, closes. Idempotent. */
  stop(): Promise<void>;
}

function checkOptions({ credentials, insecure, host }: EndpointOptions): void {
  if (insecure === true && !isLoopback(host)) {
    throw new ConfigError([`insecure is for a loopback address, not for \`${host}\`: use 127.0.0.1, or credentials`]);
  }
  if (insecure !== true && credentials === undefined) {
    throw new ConfigError(['devices need credentials: give them, or insecure for trying out on this machine']);
  }
}

function watchRevocations({ check, sessions, warn, limits }: Parts): () => void {
  if (check === undefined) return () => undefined;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      await sessions.closeWithdrawn(check);
    } catch (err) {
      warn({ err }, 'ingest.credentials.unreadable');
    }
    looking = false;
  };
  const timer = setInterval(() => void look(), limits.revocationMs);
  return () => {
    clearInterval(timer);
  };
}

function createListener(parts: Parts, broker: PublishOnlyBroker): Listener {
  const { options, limits, metrics, warn } = parts;
  return new Listener({
    host: options.host,
    port: options.port,
    tls: options.tls,
    limits,
    metrics,
    monotonic,
    accept: (socket) => accept(parts, broker, socket),
    refused: (reason, address) => {
      metrics.refused[reason] += 1;
      warn({ reason, address }, `ingest.connection.refused-${reason}`);
    },
  });
}

function urlOf({ host, tls }: EndpointOptions, port: number): string {
  return `${tls === undefined ? 'mqtt' : 'mqtts'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/**
 * @throws ConfigError where nobody could connect, or everybody from elsewhere; UnavailableError where the port cannot
 * be had
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  checkOptions(options);
  const parts = createParts(options);
  const { limits, metrics, queue, sessions } = parts;
  const broker = createBroker(parts);
  const listener = createListener(parts, broker);
  const closeBroker = promisify(broker.close.bind(broker));
  await broker.listen();
  let port: number;
  try {
    port = await listener.listen();
  } catch (error) {
    queue.close();
    await closeBroker();
    throw error;
  }
  const unwatch = watchRevocations(parts);
  const stop = async (): Promise<void> => {
    listener.stopAccepting();
    unwatch();
    for (const session of sessions.all()) session.stopReading();
    await queue.drain(limits.stopMs);
    queue.close();
    for (const session of sessions.all()) session.finish();
    await listener.close();
    await closeBroker();
    options.events.info({ unacknowledged: metrics.unacknowledged }, 'ingest.endpoint.stopped');
  };
  const url = urlOf(options, port);
  options.events.info({ url }, 'ingest.endpoint.started');
  let stopped: Promise<void> | undefined;
  return { port, url, metrics, stop: () => (stopped ??= stop()) };
}
