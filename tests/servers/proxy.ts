/** A TCP proxy between a client and a server, for the faults that a network has and a killed process does not show. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../deploy/native/free-port.mjs';
import { OneWay, type Weather } from './one-way.ts';

const CLEAR: Weather = { kind: 'forwarding', delayMs: 0 };

/** A client's connection, and ours to the server in its name; none where it came while nothing passed. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket | undefined;
  readonly ways: readonly OneWay[];
}

export class TcpProxy {
  readonly port: number;
  readonly #targetPort: number;
  readonly #pairs = new Set<Pair>();
  #weather: Weather = CLEAR;
  #listener: Server | undefined;

  constructor(port: number, targetPort: number) {
    this.port = port;
    this.#targetPort = targetPort;
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connections of clients that are open. */
  get connections(): number {
    return this.#pairs.size;
  }

  /**
   * Everything passes again. Connections that lost something while it hung are cut: in a stream nothing may be missing.
   * The others go on.
   */
  async forward(): Promise<void> {
    await this.#change(CLEAR);
  }

  /** Everything passes, each piece so much later; what is under way already keeps its time and its order. */
  async delay(delayMs: number): Promise<void> {
    await this.#change({ kind: 'forwarding', delayMs });
  }

  /** As a server that is stopped: connections are cut, new ones refused. */
  async refuse(): Promise<void> {
    await this.#change({ kind: 'refusing' });
  }

  /**
   * A black hole: new connections are accepted, what either side says is swallowed, in old connections too, and neither
   * side learns that the other has closed.
   */
  async hang(): Promise<void> {
    await this.#change({ kind: 'hanging' });
  }

  /** Resets the connections that are open now, both sides of each; new ones are treated as before. */
  cut(): void {
    for (const pair of this.#pairs) this.#cutPair(pair);
  }

  /** The end of the proxy itself: nothing of it is left. */
  async close(): Promise<void> {
    await this.refuse();
  }

  async #change(weather: Weather): Promise<void> {
    this.#weather = weather;
    if (weather.kind === 'refusing') {
      this.cut();
      await this.#stopListening();
      return;
    }
    if (weather.kind === 'forwarding') {
      for (const pair of this.#pairs) {
        if (pair.server === undefined || pair.ways.some((way) => way.hasLost)) this.#cutPair(pair);
      }
    }
    if (this.#listener === undefined) await this.#listen();
  }

  async #listen(): Promise<void> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#accept(client);
    });
    this.#listener = listener;
    listener.listen(this.port, '127.0.0.1');
    await once(listener, 'listening');
  }

  async #stopListening(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    const closed = once(listener, 'close');
    listener.close();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#weather.kind === 'refusing') {
      client.resetAndDestroy();
      return;
    }
    if (this.#weather.kind === 'hanging') {
      this.#swallow(client);
      return;
    }
    const server = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const weather = (): Weather => this.#weather;
    const pair: Pair = {
      client,
      server,
      ways: [new OneWay(client, server, weather), new OneWay(server, client, weather)],
    };
    this.#pairs.add(pair);
    for (const socket of [client, server]) this.#watch(socket, pair);
  }

  #swallow(client: Socket): void {
    const pair: Pair = { client, server: undefined, ways: [] };
    this.#pairs.add(pair);
    client.resume();
    this.#watch(client, pair);
  }

  /** The end of one side is the end of the other, but not while nothing passes: then the other is not told. */
  #watch(socket: Socket, pair: Pair): void {
    let isBroken = false;
    socket.on('error', () => {
      isBroken = true;
    });
    socket.on('close', () => {
      if (this.#weather.kind === 'hanging' && pair.server !== undefined) {
        for (const way of pair.ways) way.loseEnd();
        return;
      }
      if (isBroken) this.#cutPair(pair);
      else if ([pair.client, pair.server].every((one) => one?.destroyed ?? true)) this.#forget(pair);
    });
  }

  #cutPair(pair: Pair): void {
    this.#forget(pair);
    pair.client.resetAndDestroy();
    pair.server?.resetAndDestroy();
  }

  #forget(pair: Pair): void {
    this.#pairs.delete(pair);
    for (const way of pair.ways) way.stop();
  }
}

/** Begins to forward from a free port to a port of this machine. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = new TcpProxy(await freePort(), targetPort);
  await proxy.forward();
  return proxy;
}
