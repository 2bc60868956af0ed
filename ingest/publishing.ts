/** From PUBLISH to PUBACK. */
import { createHash } from 'node:crypto';
import type { AedesOptions, Client, PublishPacket } from 'aedes';
import type { Rejection } from '../contracts/errors.ts';
import { payloadTooLong, topicInvalid } from './admit.ts';
import type { AppendQueue } from './append-queue.ts';
import type { RefusedPublish } from './mqtt-frame.ts';
import { Publication, type PublicationOptions } from './publication.ts';
import { RecentKeys } from './recent-keys.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface PublishingOptions extends PublicationOptions {
  readonly sessions: Sessions;
  readonly queue: AppendQueue;
}

/** What is not acknowledged comes again after each connection; in this time it is recorded once. */
const SAME_MS = 600_000;
const REMEMBERED = 1_000;

interface Refused {
  readonly session: Session;
  readonly publish: RefusedPublish;
  readonly rejection: Rejection;
}

export class Publishing {
  readonly #options: PublishingOptions;
  readonly #rejected = new WeakSet<object>();
  readonly #recorded: RecentKeys;

  constructor(options: PublishingOptions) {
    this.#options = options;
    this.#recorded = new RecentKeys(SAME_MS, REMEMBERED, options.monotonic);
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
    const durable = (): void => {
      if (session.alive) done(null);
    };
    const published = { topic, payload, rejection, puback: true, durable };
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
  refuseLong(session: Session, publish: RefusedPublish): void {
    const rejection = session.rejectionOf(publish.topic) ?? payloadTooLong(publish.payloadBytes);
    this.#record({ session, publish, rejection }, () => session.refuseAfterAnswer('payload-too-long'));
  }

  /** Aedes has closed on a topic that no message may have: empty, or with wildcards. */
  recordFaulty(session: Session): void {
    const publish = session.lastPublish();
    if (publish !== undefined)
      this.#record({ session, publish, rejection: topicInvalid(publish.topic) }, () => undefined);
  }

  #record({ session, publish, rejection }: Refused, then: () => void): void {
    const { topic, payload, payloadBytes } = publish;
    const digest = createHash('sha256').update(payload).digest('base64');
    const key = JSON.stringify([session.credential?.user, topic, payloadBytes, digest]);
    if (this.#recorded.has(key)) {
      then();
      return;
    }
    const durable = (): void => {
      this.#recorded.add(key);
      then();
    };
    const published = { topic, payload, rejection, puback: false, durable };
    this.#options.queue.push(new Publication(this.#options, session, published));
  }
}
