/** The real endpoint on a free port, and real clients; all closed when the test is over. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import { startEndpoint, type Endpoint, type EndpointOptions } from '../../ingest/endpoint.ts';
import { MemoryLog } from './memory-log.ts';
import { smallRegistry } from './small-registry.ts';

export interface OpenEndpoint extends Endpoint {
  readonly log: MemoryLog;
  /** Events written so far, with their fields. */
  readonly events: { readonly event: string; readonly fields: object }[];
}

const SITES = { demo: ['cems-1', 'm-kiln', 'm-bag'], other: ['cems-1'] };

/** Without credentials unless they are given. */
export async function openEndpoint(options: Partial<EndpointOptions> = {}): Promise<OpenEndpoint> {
  const log = new MemoryLog();
  const events: { event: string; fields: object }[] = [];
  const write = (fields: object, event: string): void => void events.push({ event, fields });
  const registry = smallRegistry(SITES);
  const endpoint = await startEndpoint({
    log,
    registry: () => registry,
    insecure: options.credentials === undefined,
    host: '127.0.0.1',
    port: 0,
    events: { info: write, warn: write, error: write },
    now: Date.now,
    ...options,
  });
  onTestFinished(endpoint.stop);
  return { ...endpoint, log, events };
}

/** A client that does not connect again by itself. */
export async function connectDevice(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 0, ...options });
  // What goes wrong later shows as `close`; an unheard `error` would end the test run.
  client.on('error', () => undefined);
  onTestFinished(() => client.endAsync(true));
  return client;
}

/** The error that a connection attempt ends with. */
export async function refusedDevice(url: string, options: IClientOptions = {}): Promise<{ readonly code?: unknown }> {
  try {
    await connectDevice(url, options);
  } catch (error) {
    return error as { readonly code?: unknown };
  }
  throw new Error('the connection was accepted');
}

/** A plain socket, connected. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connectSocket({ host: '127.0.0.1', port, noDelay: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Resolves at `close`, whatever error came before it. */
export function closed(connection: MqttClient | Socket): Promise<void> {
  return new Promise((resolve) => {
    connection.on('close', () => resolve());
  });
}

/** Resolves when the server has answered a ping: whatever it sent before has come in. */
export function pinged(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.on('packetreceive', ({ cmd }) => {
      if (cmd === 'pingresp') resolve();
    });
    client.sendPing();
  });
}

/** The next bytes that come in. */
export async function nextBytes(socket: Socket): Promise<Buffer> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk;
}

export const TOPIC = 'stackwarden/v1/demo/cems-1/report';

/** A valid report; the values differ by `n`. */
export function reportText(n = 0): string {
  return `{"ts":"2026-11-22T08:00:00+08:00","values":{"so2":${n}}}`;
}
