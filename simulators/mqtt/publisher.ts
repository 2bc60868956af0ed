/**
 * One client of a broker: an outbox that keeps every message until the broker has confirmed it.
 *
 * At least once, in order: what was not confirmed when a connection ended is sent again first, unchanged, on the next.
 */
import type { Message } from '../pack-reports.ts';
import type { RandomStream } from '../plants/random-stream.ts';
import { MqttLink } from './mqtt-link.ts';

export interface PublisherOptions {
  readonly url: URL;
  readonly clientId: string;
  /** Absent = the broker needs none. */
  readonly user?: string;
  /** Asked before each connection. */
  readonly password?: () => string | Promise<string>;
  readonly random: RandomStream;
  /** Told of each connection that failed or was lost. */
  readonly onLoss: (cause: string) => void;
  /** It can be sent to again. */
  readonly onUp?: () => void;
}

export interface PublisherStats {
  readonly isConnected: boolean;
  /** Reports that are not yet confirmed. */
  readonly waiting: number;
  readonly confirmed: number;
  readonly losses: number;
}

interface Letter extends Message {
  /** 0: not on the way. */
  packetId: number;
}

/** Unconfirmed messages on the way at once. */
const WINDOW = 20;
const SHORTEST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 15_000;
const HIGHEST_PACKET_ID = 0xffff;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #letters: Letter[] = [];
  #link: MqttLink | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isCut = false;
  #onTheWay = 0;
  #lastPacketId = 0;
  #failuresInARow = 0;
  #confirmed = 0;
  #waiting = 0;
  #losses = 0;
  #onSettled: (() => void)[] = [];

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Connects after a delay, so that a city does not knock at once. */
  start(delayMs: number): void {
    this.#retry = setTimeout(() => void this.#connect(), delayMs);
  }

  get isConnected(): boolean {
    return this.#link?.isOpen === true;
  }

  /** Reports that are not yet confirmed. */
  get waiting(): number {
    return this.#waiting;
  }

  send(messages: readonly Message[]): void {
    for (const message of messages) {
      this.#letters.push({ ...message, packetId: 0 });
      this.#waiting += message.count;
    }
    this.#pump();
  }

  /** Resolves when everything is confirmed, when the connection is lost, or when it is stopped. */
  drainedOrLost(): Promise<void> {
    if (!this.isConnected || this.#letters.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onSettled.push(resolve);
    });
  }

  stats(): PublisherStats {
    return {
      isConnected: this.isConnected,
      waiting: this.#waiting,
      confirmed: this.#confirmed,
      losses: this.#losses,
    };
  }

  /** The network is gone: nothing is tried until `mend`. */
  cut(): void {
    this.#isCut = true;
    this.#drop();
  }

  /** The network is back; it connects after a delay. */
  mend(delayMs: number): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    if (!this.#isStopped) this.start(delayMs);
  }

  /** Ends the connection; what is not confirmed stays unsent. */
  stop(): void {
    this.#isStopped = true;
    this.#drop();
  }

  #drop(): void {
    clearTimeout(this.#retry);
    this.#link?.close();
    this.#forget();
  }

  #forget(): void {
    this.#link = undefined;
    this.#onTheWay = 0;
    for (const letter of this.#letters) letter.packetId = 0;
    this.#tellSettled();
  }

  #tellSettled(): void {
    const waiting = this.#onSettled;
    this.#onSettled = [];
    for (const tell of waiting) tell();
  }

  async #connect(): Promise<void> {
    const { url, clientId, user } = this.#options;
    try {
      const password = await this.#options.password?.();
      if (this.#isStopped || this.#isCut) return;
      const who = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
      const link: MqttLink = new MqttLink({
        url,
        clientId,
        ...who,
        onOpen: () => this.#opened(link),
        onConfirmed: (packetId) => this.#settled(link, packetId),
        onLost: (cause) => this.#lost(link, cause),
      });
      this.#link = link;
    } catch (error) {
      this.#tryLater(error instanceof Error ? error.message : String(error));
    }
  }

  #opened(link: MqttLink): void {
    if (link !== this.#link) return;
    this.#pump();
    this.#options.onUp?.();
  }

  #lost(link: MqttLink, cause: string): void {
    if (link !== this.#link) return;
    this.#forget();
    this.#tryLater(cause);
  }

  #tryLater(cause: string): void {
    if (this.#isStopped || this.#isCut) return;
    this.#losses += 1;
    this.#options.onLoss(cause);
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** Math.min(10, this.#failuresInARow));
    this.#failuresInARow += 1;
    const jitter = 0.5 + this.#options.random.split('backoff').uniformAt(this.#losses);
    this.#retry = setTimeout(() => void this.#connect(), backoffMs * jitter);
  }

  #pump(): void {
    const link = this.#link;
    if (link?.isOpen !== true) return;
    while (this.#onTheWay < WINDOW) {
      const letter = this.#letters[this.#onTheWay];
      if (letter === undefined) return;
      this.#lastPacketId = (this.#lastPacketId % HIGHEST_PACKET_ID) + 1;
      letter.packetId = this.#lastPacketId;
      this.#onTheWay += 1;
      link.publish(letter.topic, letter.packetId, letter.payload);
    }
  }

  #settled(link: MqttLink, packetId: number): void {
    if (link !== this.#link) return;
    const index = this.#letters.findIndex((letter) => letter.packetId === packetId);
    if (index < 0) return;
    const [letter] = this.#letters.splice(index, 1);
    const count = letter?.count ?? 0;
    this.#onTheWay -= 1;
    this.#confirmed += count;
    this.#waiting -= count;
    this.#failuresInARow = 0;
    this.#pump();
    if (this.#letters.length === 0) this.#tellSettled();
  }
}
