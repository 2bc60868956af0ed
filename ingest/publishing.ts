/** From PUBLISH to PUBACK. */
import { createHash } from 'node:crypto';
import type { AedesOptions, Client, PublishPacket } from 'aedes';
import { payloadTooLong } from './admit.ts';
import type { AppendQueue } from './append-queue.ts';
import type { LongPublish } from './mqtt-frame.ts';
import { Publication, type PublicationOptions } from './publication.ts';
import { RecentKeys } from './recent-keys.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface PublishingOptions extends PublicationOptions {
  readonly sessions: Sessions;
  readonly queue: AppendQueue;
}

/** A device that sends the same long message after each connection gets one dead letter in this time. */
const SAME_LONG_MS = 600_000;
const LONG_REMEMBERED = 1_000;

export class Publishing {
  readonly #options: PublishingOptions;
  readonly #rejected = new WeakSet<object>();
  readonly #long: RecentKeys;

  constructor(options: PublishingOptions) {
    this.#options = options;
    this.#long = new RecentKeys(SAME_LONG_MS, LONG_REMEMBERED, options.monotonic);
  }

  readonly authorizePublish: NonNullable<AedesOptions['authorizePublish']> = (client, packet, done) => {
    const session = client === null ? undefined : this.#options.sessions.of(client);
    // Being closed: without an answer Aedes neither acknowledges it nor reads on.
    if (session === undefined || session.closing) return;
    const rejection = session.rejectionOf(packet.topic);
    if (rejection !== undefined) {
      this.#rejected.add(packet);
      session.stopReading();
    }
    const { topic } = packet;
    const payload = packet.payload as Buffer;
    const published = { topic, payload, rejection, puback: true, durable: () => done(null) };
    this.#options.queue.push(new Publication(this.#options, session, published));
  };

  /**
   * A message under a topic that is not the client's own is acknowledged like any dead letter, because it is durable:
   * else the client would send it again after each connection and nothing behind it would ever come through.
   */
  readonly acknowledged = (client: Client, packet: PublishPacket): void => {
    if (this.#rejected.has(packet)) this.#options.sessions.of(client)?.refuseAfterAnswer('topic');
  };

  /** A payload over the limit: recorded with its beginning, not acknowledged, closed. */
  refuseLong(session: Session, { topic, payload, payloadBytes }: LongPublish): void {
    const user = session.credential?.user ?? '';
    const digest = createHash('sha256').update(payload).digest('base64');
    const key = JSON.stringify([user, topic, payloadBytes, digest]);
    if (this.#long.has(key)) {
      session.refuseAfterAnswer('payload-too-long');
      return;
    }
    const rejection = session.rejectionOf(topic) ?? payloadTooLong(payloadBytes);
    const durable = (): void => {
      this.#long.add(key);
      session.refuseAfterAnswer('payload-too-long');
    };
    const published = { topic, payload, rejection, puback: false, durable };
    this.#options.queue.push(new Publication(this.#options, session, published));
  }
}
