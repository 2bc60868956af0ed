/** A real broker that remembers what it took in, can lose its connections, and tells when something has happened. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type PublishPacket } from 'aedes';

export interface Taken {
  readonly topic: string;
  readonly payload: string;
}

/** What becomes of a publish: stored and confirmed, stored with the confirmation lost, or lost altogether. */
export type Fate = 'confirm' | 'store-silently' | 'lose';

/** 4: bad user name or password. */
function refusal(returnCode: number): AuthenticateError {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- an ambient const enum cannot be named here
  return Object.assign(new Error('refused'), { returnCode });
}

export class RecordingBroker {
  readonly taken: Taken[] = [];
  readonly users: string[] = [];
  connections = 0;
  fateOf: (packet: PublishPacket) => Fate = () => 'confirm';
  acceptsUser: (user: string | undefined, password: string) => boolean = () => true;
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: { readonly isSo: () => boolean; readonly resolve: () => void }[] = [];

  /** Connections that stand. */
  get standing(): number {
    return this.#sockets.size;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    this.#aedes = await Aedes.createBroker({
      authenticate: (_client, user, password, done) => {
        this.users.push(user ?? '');
        if (this.acceptsUser(user, password?.toString() ?? '')) done(null, true);
        else done(refusal(4), null);
      },
      authorizePublish: (_client, packet, callback) => this.#decide(packet, callback),
    });
    const { handle } = this.#aedes;
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#look();
      });
      socket.on('error', () => socket.destroy());
      handle(socket);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** As a kill: every connection ends at once, nothing more is confirmed. */
  async close(): Promise<void> {
    const server = this.#server;
    const aedes = this.#aedes;
    this.#server = undefined;
    this.#aedes = undefined;
    if (server === undefined || aedes === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => {
      aedes.close(resolve);
    });
  }

  /** Resolves when it is so, looked at after everything that happens here. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isSo, resolve });
      this.#look();
    });
  }

  #decide(packet: PublishPacket | AedesPublishPacket, callback: (error?: Error | null) => void): void {
    const fate = this.fateOf(packet);
    if (fate !== 'lose') this.taken.push({ topic: packet.topic, payload: packet.payload.toString() });
    if (fate === 'confirm') callback(null);
    this.#look();
    // What a client counts as confirmed it learns a moment later.
    if (fate === 'confirm') setTimeout(() => this.#look(), 20);
  }

  #look(): void {
    for (const { isSo, resolve } of this.#waiting) if (isSo()) resolve();
  }
}
