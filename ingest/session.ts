/** One connection: who it is, what it may publish, how much of it waits. */
import type { Socket } from 'node:net';
import type { Rejection } from '../contracts/errors.ts';
import type { DeviceCredential } from '../contracts/ports/credentials.ts';
import { parseReportTopic } from '../contracts/topics.ts';
import { topicInvalid } from './admit.ts';
import { RATE_EXCEEDED, WINDOW_FULL, type FrameGate } from './frame-gate.ts';
import type { Limits } from './limits.ts';
import type { RefusalReason } from './metrics.ts';
import type { RefusedPublish } from './mqtt-frame.ts';
import { TokenBucket } from './token-bucket.ts';

/** The client gets this long to take what was written and to close its side. */
const GOODBYE_MS = 1_000;

export interface SessionOptions {
  readonly socket: Socket;
  readonly gate: FrameGate;
  readonly limits: Pick<Limits, 'waitingPerConnection' | 'messagesPerSecond'>;
  readonly monotonic: () => number;
  /** Told why the connection is closed by us, once. */
  readonly refused: (reason: RefusalReason, session: Session) => void;
}

export class Session {
  readonly socket: Socket;
  readonly address: string;
  /** `site/device`, `site/*`; undefined: everything, without credentials. */
  #grants: ReadonlySet<string> | undefined;
  #credential: DeviceCredential | undefined;
  readonly #options: SessionOptions;
  readonly #rate: TokenBucket | undefined;
  #rateTimer: NodeJS.Timeout | undefined;
  #waiting = 0;
  #closing = false;
  #leaving = false;
  #lastTopic = '';
  #lastRejection: Rejection | undefined;

  constructor(options: SessionOptions) {
    this.socket = options.socket;
    this.address = options.socket.remoteAddress ?? '';
    this.#options = options;
    const { messagesPerSecond } = options.limits;
    if (messagesPerSecond > 0) this.#rate = new TokenBucket(messagesPerSecond, messagesPerSecond, options.monotonic);
    this.socket.once('close', () => {
      this.#closing = true;
      clearTimeout(this.#rateTimer);
      options.gate.shut();
    });
  }

  /** Undefined before it is known, and without credentials. */
  get credential(): DeviceCredential | undefined {
    return this.#credential;
  }

  /** A PUBACK can still reach the client. */
  get alive(): boolean {
    return !this.socket.destroyed;
  }

  /** It is being closed: nothing more is taken from it. */
  get closing(): boolean {
    return this.#closing;
  }

  identify(credential: DeviceCredential): void {
    this.#credential = credential;
    this.#grants = new Set(credential.grants);
  }

  /** The packet that Aedes got last, where it is a PUBLISH. */
  lastPublish(): RefusedPublish | undefined {
    return this.#options.gate.lastPublish();
  }

  /** CONNACK is out. */
  open(): void {
    this.#options.gate.open();
  }

  /** Why a message under this topic is none of this client's; undefined where it is. */
  rejectionOf(topic: string): Rejection | undefined {
    // A device has one topic, a gateway sends many messages of one device in a row.
    if (topic !== this.#lastTopic) {
      this.#lastTopic = topic;
      this.#lastRejection = this.#judge(topic);
    }
    return this.#lastRejection;
  }

  /** A message of it waits for storage. */
  begin(): void {
    const { gate, limits } = this.#options;
    this.#waiting += 1;
    if (this.#waiting >= limits.waitingPerConnection) gate.pause(WINDOW_FULL);
    const debtMs = this.#rate?.take() ?? 0;
    if (debtMs === 0) return;
    gate.pause(RATE_EXCEEDED);
    clearTimeout(this.#rateTimer);
    this.#rateTimer = setTimeout(() => gate.resume(RATE_EXCEEDED), debtMs);
  }

  end(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0 && this.#leaving) this.finish();
    if (this.#waiting * 2 <= this.#options.limits.waitingPerConnection) this.#options.gate.resume(WINDOW_FULL);
  }

  /** Takes nothing more from it; what waits may still be acknowledged. */
  stopReading(): void {
    this.#closing = true;
    this.#options.gate.shut();
  }

  /** Closes when the client has had time to take what was written. */
  finish(): void {
    if (this.socket.writableEnded) return;
    this.#closing = true;
    this.#options.gate.discard();
    this.socket.end();
    setTimeout(() => this.socket.destroy(), GOODBYE_MS).unref();
  }

  /** Closes at once. */
  refuse(reason: RefusalReason): void {
    if (this.socket.destroyed) return;
    this.stopReading();
    this.#options.refused(reason, this);
    this.socket.destroy();
  }

  /** Closes when all that was taken in before has been answered. */
  refuseAfterAnswer(reason: RefusalReason): void {
    if (this.socket.destroyed || this.#leaving) return;
    this.#leaving = true;
    this.stopReading();
    this.#options.refused(reason, this);
    if (this.#waiting === 0) this.finish();
  }

  #judge(topic: string): Rejection | undefined {
    const origin = parseReportTopic(topic);
    if (origin === undefined) return topicInvalid(topic);
    const { site, device } = origin;
    const grants = this.#grants;
    if (grants === undefined || grants.has(`${site}/${device}`) || grants.has(`${site}/*`)) return undefined;
    const user = this.#credential?.user ?? '';
    const detail = `\`${user}\` may publish for ${[...grants].join(', ')} only, not for ${site}/${device}`;
    return { reason: 'topic-not-own', detail };
  }
}
