/**
 * A real server for one test alone, with a proxy in front of it: a process that can be killed, stopped in its tracks and
 * started again on the same port and folder. Its programs and configuration are those of `deploy/native`; where they are
 * not there, the test is skipped by name.
 */
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { freePort } from '../../deploy/native/free-port.mjs';
import { influx } from '../../deploy/native/influx.mjs';
import { kafka } from '../../deploy/native/kafka.mjs';
import { MissingServer } from '../../deploy/native/missing-server.mjs';
import { mosquitto } from '../../deploy/native/mosquitto.mjs';
import type { GuardedListeners, Lines, Place, ServerKind } from '../../deploy/native/server-kind.mjs';
import { endOfLog, endProcess } from '../../deploy/native/server-process.mjs';
import { logOf, startNew, startPrepared, type Running } from '../../deploy/native/start-server.mjs';
import type { InfluxAddress } from './addresses.ts';
import { TcpProxy } from './proxy.ts';

export interface OwnServer {
  /** `127.0.0.1:PORT`, around the proxy. */
  readonly address: string;
  readonly port: number;
  /** Forwards until it is told otherwise; `proxy.address` is the address through it. */
  readonly proxy: TcpProxy;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Whether the process is there, stopped in its tracks or not. */
  isRunning(): boolean;
  /** The last lines of its log, over all its starts. */
  lastWords(): string;
  /**
   * Sends a signal; of one that ends the process, resolves when it is gone. SIGSTOP makes the server hang with its port
   * open until SIGCONT.
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** The same server again: port, folder and everything in it. Ends what still runs; resolves when it answers. */
  restart(): Promise<void>;
  /** TERM, KILL where that does not help, and nothing is left of it. */
  stop(): Promise<void>;
}

export interface OwnInflux extends OwnServer, InfluxAddress {}

const GOES_ON: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

async function found<Program>(context: TestContext, kind: ServerKind<Program>): Promise<Program> {
  try {
    return await kind.find({ fetch: false });
  } catch (error) {
    if (!(error instanceof MissingServer)) throw error;
    return context.skip(`no ${kind.name} to start: ${error.message}`);
  }
}

/** What one server is made of. */
interface Held<Program> {
  readonly kind: ServerKind<Program>;
  readonly program: Program;
  readonly parent: string;
  readonly place: Place;
  readonly proxy: TcpProxy;
}

function controls<Program>({ kind, program, parent, place, proxy }: Held<Program>, first: Running): OwnServer {
  let { mark, child } = first;
  const end = (): Promise<void> => endProcess(mark, kind.stopWithinMs);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    port: place.port,
    address: `127.0.0.1:${place.port}`,
    proxy,
    get pid() {
      return mark.pid;
    },
    isRunning,
    lastWords: () => endOfLog(logOf(place)),
    async kill(signal = 'SIGKILL') {
      if (!isRunning()) throw new Error(`${kind.name} has ended already: ${endOfLog(logOf(place))}`);
      const gone = once(child, 'exit');
      child.kill(signal);
      if (!GOES_ON.includes(signal)) await gone;
    },
    async restart() {
      await end();
      ({ mark, child } = await startPrepared({ kind, program, place, outlives: false }));
    },
    async stop() {
      await proxy.close();
      await end();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

interface Started {
  readonly server: OwnServer;
  readonly lines: Lines;
}

interface OnlyKafka {
  /** The server listens there for those who come through the proxy, and tells them the proxy's address. */
  readonly throughPort?: number;
  readonly guarded?: GuardedListeners;
}

async function start<Program>(
  context: TestContext,
  kind: ServerKind<Program>,
  { throughPort, guarded }: OnlyKafka = {},
): Promise<Started> {
  const program = await found(context, kind);
  const parent = mkdtempSync(join(realpathSync(tmpdir()), 'stackwarden-own-'));
  const proxyPort = await freePort();
  const more = {
    ...(throughPort === undefined ? {} : { proxied: { port: throughPort, advertisedPort: proxyPort } }),
    ...(guarded === undefined ? {} : { guarded }),
  };
  try {
    const { place, ...running } = await startNew({ kind, program, parent, outlives: false, ...more });
    const proxy = new TcpProxy(proxyPort, throughPort ?? place.port);
    const server = controls({ kind, program, parent, place, proxy }, running);
    try {
      await proxy.forward();
      return { server, lines: await kind.settle(place) };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    rmSync(parent, { recursive: true, force: true });
    throw error;
  }
}

/**
 * One node; makes no topic by itself. A client is told by a broker where to go on: who begins at `proxy.address` stays
 * with the proxy, who begins at `address` goes around it.
 * @param guarded listeners with TLS or a login, beside those
 */
export async function startKafka(context: TestContext, guarded?: GuardedListeners): Promise<OwnServer> {
  const more = guarded === undefined ? {} : { guarded };
  return (await start(context, kafka, { throughPort: await freePort(), ...more })).server;
}

/** With an organisation, a bucket and a token. */
export async function startInflux(context: TestContext): Promise<OwnInflux> {
  const { server, lines } = await start(context, influx);
  const part = (name: string): string => lines[`STACKWARDEN_TEST_INFLUX_${name}`] ?? '';
  return Object.assign(server, {
    url: part('URL'),
    organisation: part('ORG'),
    bucket: part('BUCKET'),
    token: part('TOKEN'),
  });
}

/** With the configuration of `deploy/mosquitto`; anybody may connect. */
export async function startMosquitto(context: TestContext): Promise<OwnServer> {
  return (await start(context, mosquitto)).server;
}
