/**
 * A plain connection to one broker, for questions that node-rdkafka's client has no way to ask (a topic's configuration,
 * the members of a group), each with a limit that holds: nothing native is left behind by a broker that hangs.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { UnavailableError } from '../../../contracts/errors.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What is asked, in a version whose fields have fixed lengths. All of them are known to Kafka 2.1 to 4. */
export const API = {
  fetch: { key: 1, version: 4 },
  listOffsets: { key: 2, version: 2 },
  metadata: { key: 3, version: 4 },
  offsetFetch: { key: 9, version: 3 },
  findCoordinator: { key: 10, version: 1 },
  describeGroups: { key: 15, version: 1 },
  describeConfigs: { key: 32, version: 1 },
} as const;
export type Api = (typeof API)[keyof typeof API];

export interface BrokerConnection {
  /** One after the other. @throws UnavailableError */
  ask(api: Api, request: Buffer): Promise<ByteReader>;
  close(): void;
}

const NAME = 'stackwarden-doctor';
/** What nobody who speaks this protocol answers. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly take: (answer: ByteReader) => void;
  readonly fail: (error: Error) => void;
}

class OpenConnection implements BrokerConnection {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting>();
  #chunks: Buffer[] = [];
  #size = 0;
  #number = 0;
  #end: Error | undefined;

  constructor(socket: Socket, name: string, signal: AbortSignal) {
    this.#socket = socket;
    this.#name = name;
    this.#signal = signal;
    const late = (): void => {
      this.#fail(new UnavailableError(`${name} takes connections and does not answer`));
    };
    signal.addEventListener('abort', late, { once: true });
    socket.on('data', (chunk) => {
      this.#take(chunk);
    });
    socket.on('error', (error) => {
      this.#fail(new UnavailableError(`${name}: ${error.message}`, { cause: error }));
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', late);
      this.#fail(new UnavailableError(`${name} closed the connection`));
    });
  }

  ask({ key, version }: Api, request: Buffer): Promise<ByteReader> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) this.#fail(new UnavailableError(`${this.#name} does not answer`));
      if (this.#end !== undefined) {
        reject(this.#end);
        return;
      }
      this.#number += 1;
      this.#waiting.set(this.#number, { take: resolve, fail: reject });
      const head = new ByteWriter().int16(key).int16(version).int32(this.#number).text(NAME).bytes();
      const length = new ByteWriter().int32(head.length + request.length).bytes();
      this.#socket.write(Buffer.concat([length, head, request]));
    });
  }

  close(): void {
    this.#fail(new UnavailableError('closed'));
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const { fail } of this.#waiting.values()) fail(this.#end);
    this.#waiting.clear();
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= 4) {
      const first = this.#chunks[0] as Buffer;
      const bytes = first.length >= 4 ? first : Buffer.concat(this.#chunks);
      const length = bytes.readInt32BE(0);
      if (length < 4 || length > MOST_ANSWER_BYTES) {
        this.#fail(new UnavailableError(`${this.#name} answers, and not as a Kafka broker`));
        return;
      }
      if (this.#size < 4 + length) return;
      const whole = Buffer.concat(this.#chunks);
      const rest = whole.subarray(4 + length);
      this.#chunks = [rest];
      this.#size = rest.length;
      this.#answer(whole.subarray(4, 4 + length));
    }
  }

  #answer(answer: Buffer): void {
    const number = answer.readInt32BE(0);
    this.#waiting.get(number)?.take(new ByteReader(answer.subarray(4)));
    this.#waiting.delete(number);
  }
}

export function nameOf({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** @param signal ends the connection, and what is asked in it @throws UnavailableError */
export async function connectBroker(address: Address, signal: AbortSignal): Promise<BrokerConnection> {
  const socket = connect({ ...address, noDelay: true });
  const name = nameOf(address);
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    const { code, message } = error as { readonly code?: string; readonly message: string };
    const why = signal.aborted ? 'takes no connection in time' : `takes no connection (${code ?? message})`;
    throw new UnavailableError(`${name} ${why}`, { cause: error });
  }
  return new OpenConnection(socket, name, signal);
}
