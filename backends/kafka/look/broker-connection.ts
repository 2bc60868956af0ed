/**
 * A connection to one broker, for questions that node-rdkafka's client has no way to ask (a topic's configuration,
 * the members of a group), each with a limit that holds: nothing native is left behind by a broker that hangs.
 */
import type { Socket } from 'node:net';
import { UnavailableError } from '../../../contracts/errors.ts';
import { AccessError } from '../access-error.ts';
import type { KafkaAccess } from '../kafka-settings.ts';
import type { Api } from './api.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { logIn } from './log-in.ts';
import { explainBreak, nameOf, openSocket, WHICH_PORT, type Address } from './open-socket.ts';

export interface BrokerConnection {
  /** One after the other. @throws UnavailableError */
  ask(api: Api, request: Buffer): Promise<ByteReader>;
  close(): void;
}

/** Where it leads, and until when. */
interface Place {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly access: KafkaAccess;
}

const NAME = 'stackwarden-doctor';
/** What nobody who speaks this protocol answers. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
/** How an alert of TLS begins, in all its versions: what a server with TLS says to who speaks without. */
const TLS_ALERT = 0x1503;

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
  #hasAnswered = false;

  constructor(socket: Socket, { name, signal, access }: Place) {
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
      this.#fail(
        this.#hasAnswered
          ? new UnavailableError(`${name}: ${error.message}`, { cause: error })
          : explainBreak(name, error, access.tls),
      );
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', late);
      this.#fail(
        this.#hasAnswered
          ? new UnavailableError(`${name} closed the connection`)
          : new AccessError(`${name} closed the connection instead of an answer`, WHICH_PORT),
      );
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
        this.#fail(
          bytes.readUInt16BE(0) === TLS_ALERT
            ? new AccessError(`${this.#name} speaks TLS on this port`, 'set kafkaTls: true, or name another port of it')
            : new UnavailableError(`${this.#name} answers, and not as a Kafka broker`),
        );
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
    this.#hasAnswered = true;
    const number = answer.readInt32BE(0);
    this.#waiting.get(number)?.take(new ByteReader(answer.subarray(4)));
    this.#waiting.delete(number);
  }
}

/** @param signal ends the connection, and what is asked in it @throws UnavailableError, AccessError */
export async function connectBroker(
  address: Address,
  signal: AbortSignal,
  access: KafkaAccess = {},
): Promise<BrokerConnection> {
  const name = nameOf(address);
  const connection = new OpenConnection(await openSocket(address, signal, access.tls), { name, signal, access });
  if (access.login === undefined) return connection;
  try {
    await logIn(connection, { name, login: access.login });
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}
