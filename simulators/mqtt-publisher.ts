/**
 * One device's connection: an outbox that keeps every report until the broker has confirmed it.
 *
 * At least once, in order: what was not confirmed when a connection ended is sent again first, unchanged, on the next.
 */
import { connect, type MqttClient } from 'mqtt';
import { reportTopic } from '../contracts/topics.ts';
import type { RandomStream } from './plants/random-stream.ts';
import type { SentReport } from './report-stream.ts';

export interface PublisherOptions {
  readonly url: string;
  readonly site: string;
  readonly device: string;
  /** Asked before each connection; absent = the broker needs none. */
  readonly password?: () => string | Promise<string>;
  /** The clock that the reports are made by. */
  readonly now: () => number;
  readonly random: RandomStream;
  /** Told of each connection that failed or was lost. */
  readonly onLoss: (cause: string) => void;
}

export interface PublisherStats {
  readonly isConnected: boolean;
  /** Reports that are not yet confirmed. */
  readonly waiting: number;
  readonly confirmed: number;
  readonly losses: number;
}

interface Message {
  readonly payload: string;
  readonly count: number;
  isSent: boolean;
}

/** Unconfirmed messages on the way at once. */
const WINDOW = 20;
const LARGEST_BATCH = 250;
/** What waited longer was stored and says so. */
const STORED_AFTER_MS = 45_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SHORTEST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 15_000;
const END_TIMEOUT_MS = 1_000;

export class DevicePublisher {
  readonly #options: PublisherOptions;
  #stored: SentReport[] = [];
  #messages: Message[] = [];
  #client: MqttClient | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isConnected = false;
  #isStopped = false;
  #failuresInARow = 0;
  #confirmed = 0;
  #losses = 0;
  #onDrained: (() => void)[] = [];

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Connects after a delay, so that a city does not knock at once. */
  start(delayMs: number): void {
    this.#retry = setTimeout(() => void this.#connect(), delayMs);
  }

  /** Takes reports, oldest first. */
  push(reports: readonly SentReport[]): void {
    this.#stored.push(...reports);
    this.#pump();
  }

  /** Resolves when everything that was pushed is confirmed, or when the publisher is stopped. */
  drained(): Promise<void> {
    if (this.#isStopped || this.#isEmpty()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained.push(resolve);
    });
  }

  stats(): PublisherStats {
    const inMessages = this.#messages.reduce((sum, { count }) => sum + count, 0);
    const waiting = this.#stored.length + inMessages;
    return { isConnected: this.#isConnected, waiting, confirmed: this.#confirmed, losses: this.#losses };
  }

  /** Ends the connection at once; what is not confirmed stays unsent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    this.#isConnected = false;
    this.#tellDrained();
    if (client === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, END_TIMEOUT_MS);
      client.end(true, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #isEmpty(): boolean {
    return this.#stored.length === 0 && this.#messages.length === 0;
  }

  #tellDrained(): void {
    const waiting = this.#onDrained;
    this.#onDrained = [];
    for (const tell of waiting) tell();
  }

  async #connect(): Promise<void> {
    const { url, site, device } = this.#options;
    try {
      const password = await this.#options.password?.();
      if (this.#isStopped) return;
      const client = connect(url, {
        clientId: `simulator-${site}-${device}`,
        ...(password === undefined ? {} : { username: `${site}/${device}`, password }),
        clean: true,
        // The outbox is ours: a client that sends again by itself would send twice.
        reconnectPeriod: 0,
        connectTimeout: CONNECT_TIMEOUT_MS,
      });
      this.#client = client;
      client.on('connect', () => this.#connected(client));
      client.on('error', (error) => this.#lost(client, error.message));
      client.on('close', () => this.#lost(client, 'the connection was closed'));
    } catch (error) {
      this.#tryLater(error instanceof Error ? error.message : String(error));
    }
  }

  #connected(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#isConnected = true;
    this.#pump();
  }

  #lost(client: MqttClient, cause: string): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#isConnected = false;
    for (const message of this.#messages) message.isSent = false;
    client.end(true);
    this.#tryLater(cause);
  }

  #tryLater(cause: string): void {
    if (this.#isStopped) return;
    this.#losses += 1;
    this.#options.onLoss(cause);
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** Math.min(10, this.#failuresInARow));
    this.#failuresInARow += 1;
    const jitter = 0.5 + this.#options.random.split('backoff').uniformAt(this.#losses);
    this.#retry = setTimeout(() => void this.#connect(), backoffMs * jitter);
  }

  #pump(): void {
    const client = this.#client;
    if (client === undefined || !this.#isConnected) return;
    const topic = reportTopic(this.#options.site, this.#options.device);
    let onTheWay = this.#messages.filter(({ isSent }) => isSent).length;
    while (onTheWay < WINDOW) {
      const message = this.#messages.find(({ isSent }) => !isSent) ?? this.#pack();
      if (message === undefined) return;
      message.isSent = true;
      onTheWay += 1;
      client.publish(topic, message.payload, { qos: 1 }, (error) => this.#settled(client, message, error));
    }
  }

  /** The oldest stored reports as one message: an array of what was stored for a while, else a report alone. */
  #pack(): Message | undefined {
    const storedBefore = this.#options.now() - STORED_AFTER_MS;
    let count = 0;
    while (count < LARGEST_BATCH && (this.#stored[count]?.at ?? Infinity) < storedBefore) count += 1;
    const batch = this.#stored.splice(0, Math.max(1, count));
    if (batch.length === 0) return undefined;
    const reports = batch.map(({ report }) => (count === 0 ? report : { ...report, resent: true }));
    const message = {
      payload: JSON.stringify(reports.length === 1 ? reports[0] : reports),
      count: batch.length,
      isSent: false,
    };
    this.#messages.push(message);
    return message;
  }

  #settled(client: MqttClient, message: Message, error: Error | undefined | null): void {
    if (client !== this.#client) return;
    if (error !== undefined && error !== null) {
      this.#lost(client, error.message);
      return;
    }
    this.#messages.splice(this.#messages.indexOf(message), 1);
    this.#confirmed += message.count;
    this.#failuresInARow = 0;
    this.#pump();
    if (this.#isEmpty()) this.#tellDrained();
  }
}
