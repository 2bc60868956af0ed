/**
 * One connection to a broker, under a name that stays: what the broker keeps for this name while nobody is there comes
 * when it is back. A message is acknowledged when it is durable here, and one that cannot be made durable closes the
 * connection: a broker sends again only to who connects again.
 */
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { UnavailableError } from '../../contracts/errors.ts';
import { AckWindow } from './ack-window.ts';

export interface SlotOptions {
  readonly url: string;
  readonly clientId: string;
  readonly subscription: string;
  readonly connection: Pick<IClientOptions, 'keepalive' | 'key' | 'cert' | 'ca'>;
  /** True when it is durable; false: it has to come again. */
  readonly deliver: (topic: string, payload: Buffer) => Promise<boolean>;
  /** Subscribed now, or no more. */
  readonly changed: (isSubscribed: boolean) => void;
  /** Why a connection ended that nobody here has ended. */
  readonly ended: (why: Error) => void;
}

const MQTT_5 = 5;
/** The broker keeps what comes for a process that is away. */
export const KEPT_SECONDS = 7 * 86_400;
/** Messages that the broker sends ahead of their acknowledgement: so many are on their way into the log at one time. */
const AHEAD = 64;
const CONNECT_MS = 10_000;
const GOODBYE_MS = 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A connection that held so long was a good one. */
const HELD_MS = 30_000;
const REFUSED = 0x80;
/** To the client's callback: no acknowledgement now, and on to the next message. */
const LATER = new Error('acknowledged when it is durable');

function clientOf({ url, clientId, connection }: SlotOptions): MqttClient {
  return connect(url, {
    ...connection,
    protocolVersion: MQTT_5,
    clientId,
    clean: false,
    properties: { sessionExpiryInterval: KEPT_SECONDS, receiveMaximum: AHEAD },
    connectTimeout: CONNECT_MS,
    // Another connection is another client, so that no acknowledgement of the old one gets into it.
    reconnectPeriod: 0,
    resubscribe: false,
  });
}

/** The client itself would acknowledge before it reads on: one message for each answer of the log. */
function sendPuback(client: MqttClient, messageId: number): void {
  const inside = client as unknown as { _sendPacket(packet: object): void };
  inside._sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
}

/** Resolves when it is subscribed, rejects when the connection ends before. */
function subscribed(client: MqttClient, subscription: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('close', () => {
      reject(new UnavailableError('the connection was closed'));
    });
    client.once('error', reject);
    client.once('connect', () => {
      client.subscribe(subscription, { qos: 1 }, (error, granted) => {
        const code = granted?.[0]?.qos ?? 0;
        if (error !== null) reject(error);
        else if (code >= REFUSED)
          reject(new UnavailableError(`the broker refused ${subscription} (code ${String(code)})`));
        else resolve();
      });
    });
  });
}

export class BrokerSlot {
  readonly #options: SlotOptions;
  #client: MqttClient | undefined;
  #isStopping = false;
  #window: AckWindow | undefined;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #reason: Error | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes nothing more; what is under way is acknowledged if it becomes durable. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#window?.settled();
    const client = this.#client;
    if (client !== undefined) {
      const goodbye = setTimeout(() => client.end(true), GOODBYE_MS);
      client.end(false, {}, () => {
        clearTimeout(goodbye);
      });
    }
    await this.#running;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#isStopping) {
      const startedAt = performance.now();
      const why = await this.#connection();
      if (this.#isStopping) return;
      this.#options.ended(why);
      if (performance.now() - startedAt > HELD_MS) pauseMs = FIRST_PAUSE_MS;
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** From connecting to the end of the connection. @returns why it ended */
  async #connection(): Promise<Error> {
    const client = clientOf(this.#options);
    this.#client = client;
    this.#reason = undefined;
    this.#window = this.#listen(client);
    const closed = new Promise<void>((resolve) => {
      client.on('close', () => {
        resolve();
      });
    });
    let isSubscribed = false;
    try {
      await subscribed(client, this.#options.subscription);
      isSubscribed = true;
      this.#options.changed(true);
      await closed;
    } catch (error) {
      this.#reason ??= error instanceof Error ? error : new Error(String(error));
    }
    if (isSubscribed) this.#options.changed(false);
    client.end(true);
    const hint = `if it happens again and again, another process is there as ${this.#options.clientId}`;
    return this.#reason ?? new UnavailableError(`the connection was closed; ${hint}`);
  }

  #listen(client: MqttClient): AckWindow {
    client.on('error', (error) => {
      this.#reason ??= error;
    });
    client.on('disconnect', ({ reasonCode }) => {
      this.#reason = new UnavailableError(`the broker closed the connection (code ${String(reasonCode)})`);
    });
    const window = new AckWindow({
      deliver: this.#options.deliver,
      acknowledge: (messageId) => {
        sendPuback(client, messageId);
      },
      refused: () => {
        this.#reason = new UnavailableError('storage refused a message for too long');
        client.end(true);
      },
    });
    client.on('close', () => {
      window.close();
    });
    client.handleMessage = ({ topic, payload, qos, messageId }: IPublishPacket, next) => {
      // Without an answer the client reads no further.
      if (this.#isStopping) return;
      window.take(topic, Buffer.from(payload), qos === 0 ? undefined : messageId);
      next(LATER);
    };
    return window;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
