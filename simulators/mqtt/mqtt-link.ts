/** One connection to a broker: publishes at QoS 1 and tells what was confirmed. It never tries again by itself. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { InputError } from '../../contracts/errors.ts';
import {
  AnswerReader,
  CONNACK,
  connectFrame,
  DISCONNECT_FRAME,
  PINGREQ_FRAME,
  PUBACK,
  publishFrame,
} from './mqtt-frames.ts';

export interface LinkOptions {
  readonly url: URL;
  readonly clientId: string;
  readonly user?: string;
  readonly password?: string;
  readonly onOpen: () => void;
  readonly onConfirmed: (packetId: number) => void;
  /** Once, for whatever reason it ended; not after `close`. */
  readonly onLost: (cause: string) => void;
}

const KEEP_ALIVE_SECONDS = 120;
/** A broker that answers nothing at all for this long is gone. */
const CONNECT_TIMEOUT_MS = 10_000;
/** The broker gets this long to close its side. */
const GOODBYE_MS = 1_000;
const PING_EVERY_MS = 50_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 };
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'it does not speak MQTT 3.1.1',
  2: 'it refused the client id',
  3: 'it is not available now',
  4: 'user or password is wrong',
  5: 'not authorized',
};

/** @throws InputError where the text is no address of a broker */
export function brokerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || DEFAULT_PORTS[url.protocol] === undefined || url.hostname === '') {
    throw new InputError(`"${text}" is no address of a broker: expected mqtt://HOST:PORT or mqtts://HOST:PORT`);
  }
  return url;
}

export class MqttLink {
  readonly #options: LinkOptions;
  readonly #socket: Socket;
  readonly #answers = new AnswerReader();
  #isOpen = false;
  #isOver = false;
  #heard = true;
  #timer: NodeJS.Timeout;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { url } = options;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
    const isSecure = url.protocol === 'mqtts:';
    this.#socket = isSecure ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    this.#socket.setNoDelay(true);
    this.#socket.once(isSecure ? 'secureConnect' : 'connect', () => this.#introduce());
    this.#socket.on('data', (bytes) => this.#take(bytes));
    this.#socket.on('error', (error) => this.#lose(error.message));
    this.#socket.on('close', () => this.#lose('the connection was closed'));
    this.#timer = setTimeout(() => this.#lose('no answer to CONNECT'), CONNECT_TIMEOUT_MS);
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isOver;
  }

  publish(topic: string, packetId: number, payload: string): void {
    if (!this.isOpen) return;
    // What is sent in one go leaves in one piece.
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      setImmediate(() => this.#socket.uncork());
    }
    this.#socket.write(publishFrame(topic, packetId, payload));
  }

  /** Ends it at once and says nothing more. */
  close(): void {
    if (this.isOpen) this.#socket.write(DISCONNECT_FRAME);
    this.#finish();
  }

  #introduce(): void {
    const { clientId, user, password } = this.#options;
    const who = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
    this.#socket.write(connectFrame({ clientId, keepAliveSeconds: KEEP_ALIVE_SECONDS, ...who }));
  }

  #take(bytes: Buffer): void {
    this.#heard = true;
    try {
      for (const { type, value } of this.#answers.read(bytes)) {
        if (this.#isOver) return;
        if (type === CONNACK) this.#admitted(value);
        if (type === PUBACK) this.#options.onConfirmed(value);
      }
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error));
    }
  }

  #admitted(code: number): void {
    if (code !== 0) {
      this.#lose(`the broker refused the connection: ${REFUSALS[code] ?? `return code ${code}`}`);
      return;
    }
    this.#isOpen = true;
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#options.onOpen();
  }

  #ping(): void {
    if (!this.#heard) {
      this.#lose('the broker has said nothing since the last ping');
      return;
    }
    this.#heard = false;
    this.#socket.write(PINGREQ_FRAME);
  }

  #lose(cause: string): void {
    if (this.#isOver) return;
    this.#finish();
    this.#options.onLost(cause);
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
    // What is written before it still goes out; then both sides are done.
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), GOODBYE_MS).unref();
  }
}
