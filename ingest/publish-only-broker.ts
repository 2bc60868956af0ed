/**
 * Aedes reduced to what a publisher sees: CONNECT, PUBLISH, PUBACK, SUBACK with refusal, PINGRESP.
 *
 * A message ends when its PUBACK is written. As Aedes stands it would then be offered to subscribers, queued for
 * sessions that are away, kept when it is retained, and announced under `$SYS`: work and memory for readers that this
 * endpoint never has (they read the log).
 */
import { Readable } from 'node:stream';
import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';

/** Aedes multiplies it by four for a timer, and timers end at 2^31 ms. */
const NO_HEARTBEAT_MS = 500_000_000;

/** Remembers nothing: there are no subscriptions, no retained messages and no wills to remember. */
const NO_PERSISTENCE = {
  // Aedes refuses a `setup` that is no async function.
  setup: async (): Promise<void> => undefined,
  subscriptionsByClient: async (): Promise<readonly never[]> => [],
  cleanSubscriptions: async (): Promise<void> => undefined,
  removeSubscriptions: async (): Promise<void> => undefined,
  cleanIncoming: async (): Promise<void> => undefined,
  putWill: async (): Promise<void> => undefined,
  delWill: async (): Promise<void> => undefined,
  streamWill: (): Readable => Readable.from([]),
  outgoingStream: (): Readable => Readable.from([]),
};

/** Delivers nothing. */
const NO_EMITTER = {
  on: (): void => undefined,
  removeListener: (_topic: string, _notify: unknown, done?: () => void): void => done?.(),
  emit: (_message: unknown, done?: () => void): void => done?.(),
  close: (done?: () => void): void => done?.(),
};

type Done = (error?: Error) => void;

export type BrokerOptions = Pick<
  Required<AedesOptions>,
  'connectTimeout' | 'drainTimeout' | 'preConnect' | 'authenticate' | 'authorizePublish'
> & {
  /** Told when the PUBACK of a packet has been handed to the socket. */
  readonly acknowledged: (client: Client, packet: PublishPacket) => void;
};

export class PublishOnlyBroker extends Aedes {
  readonly #acknowledged: BrokerOptions['acknowledged'];

  constructor({ acknowledged, ...options }: BrokerOptions) {
    super({
      ...options,
      mq: NO_EMITTER,
      persistence: NO_PERSISTENCE,
      heartbeatInterval: NO_HEARTBEAT_MS,
      // Client ids are made longer here, by the name of their user.
      maxClientsIdLength: Number.MAX_SAFE_INTEGER,
      authorizeSubscribe: (_client, _subscription, done) => {
        // Neither error nor subscription: SUBACK with 0x80.
        done(null, null);
      },
    });
    this.#acknowledged = acknowledged;
  }

  /** Aedes calls it with a client behind each PUBACK, and without one for its own `$SYS` announcements. */
  override publish(packet: PublishPacket, client: Client | Done | null, done?: Done): void {
    if (typeof client === 'function') {
      client();
      return;
    }
    if (client !== null) this.#acknowledged(client, packet);
    done?.();
  }
}
