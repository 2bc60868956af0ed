/** From CONNECT to CONNACK: protocol version, client id, will, keep-alive, and who it is. */
import { Socket } from 'node:net';
import type { AedesOptions, AuthenticateError, Client, ConnectPacket } from 'aedes';
import { claimedName, type CheckOutcome, type Claim, type CredentialCheck } from './credential-check.ts';
import { certificateName } from './listener.ts';
import type { IngestMetrics, RefusalReason } from './metrics.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** CONNACK of MQTT 5 with reason 0x84, unsupported protocol version: a client that speaks 5 understands no other. */
const CONNACK_VERSION_5 = Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]);
/** Return codes of MQTT 3.1.1. */
const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_USER_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

export interface ConnectingOptions {
  readonly sessions: Sessions;
  /** Undefined: everyone may connect. */
  readonly check: CredentialCheck | undefined;
  readonly metrics: IngestMetrics;
  readonly warn: (fields: object, event: string) => void;
  readonly silentMs: number;
  readonly refused: (reason: RefusalReason, session: Session) => void;
}

type PreConnect = NonNullable<AedesOptions['preConnect']>;
type Authenticate = NonNullable<AedesOptions['authenticate']>;

function refusal(returnCode: number, text: string): AuthenticateError {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- an ambient const enum cannot be named here
  return Object.assign(new Error(text), { returnCode });
}

function certificateOf(client: Client): string | undefined {
  return client.conn instanceof Socket ? certificateName(client.conn) : undefined;
}

export class Connecting {
  readonly #options: ConnectingOptions;
  readonly #withoutId = new WeakSet<Client>();

  constructor(options: ConnectingOptions) {
    this.#options = options;
  }

  readonly preConnect: PreConnect = (client, packet, done) => {
    const { sessions, metrics, silentMs, refused } = this.#options;
    if (packet.protocolVersion === 5) {
      const session = sessions.of(client);
      if (session === undefined) return;
      refused('version', session);
      session.socket.write(CONNACK_VERSION_5);
      session.finish();
      return;
    }
    if (packet.will !== undefined) {
      // Nobody subscribes here, so nobody would get it; as a report it would be one that no device sent.
      delete packet.will;
      metrics.wills += 1;
    }
    // Aedes closes after one and a half times the keep-alive.
    packet.keepalive = packet.keepalive === undefined || packet.keepalive === 0 ? silentMs / 1_500 : packet.keepalive;
    this.#scopeId(client, packet);
    done(null, true);
  };

  readonly authenticate: Authenticate = (client, user, password, done) => {
    if (this.#withoutId.has(client)) {
      done(refusal(IDENTIFIER_REJECTED, 'a session that is kept needs a client id'), false);
      return;
    }
    const { check } = this.#options;
    if (check === undefined) {
      done(null, true);
      return;
    }
    const claim = { user, password, certificateName: certificateOf(client) };
    check.check(claim).then(
      (outcome) => this.#answer(client, outcome, done),
      (error: unknown) => {
        this.#options.warn({ err: error, user: claimedName(claim) }, 'ingest.credentials.unreadable');
        done(refusal(SERVER_UNAVAILABLE, 'credentials cannot be read now'), false);
      },
    );
  };

  /**
   * A session is taken over by client id; each user has ids of its own, so that no device can throw out another.
   * Without an id Aedes makes one up, as MQTT has it for sessions that are not kept.
   */
  #scopeId(client: Client, packet: ConnectPacket): void {
    if (packet.clientId === '') {
      if (packet.clean === false) this.#withoutId.add(client);
      return;
    }
    const password = packet.password === undefined ? undefined : Buffer.from(packet.password);
    const claim: Claim = { user: packet.username, password, certificateName: certificateOf(client) };
    packet.clientId = `${claimedName(claim) ?? ''}|${packet.clientId}`;
  }

  #answer(client: Client, outcome: CheckOutcome, done: Parameters<Authenticate>[3]): void {
    const session = this.#options.sessions.of(client);
    if (session === undefined) return;
    if ('credential' in outcome) {
      session.identify(outcome.credential);
      done(null, true);
      return;
    }
    const busy = outcome.refused === 'busy';
    this.#options.refused(busy ? 'verification-limit' : 'credentials', session);
    if (busy) done(refusal(SERVER_UNAVAILABLE, 'too many connect at once; try again'), false);
    else if (outcome.refused === 'wrong') done(refusal(BAD_USER_OR_PASSWORD, 'user or password is wrong'), false);
    else done(refusal(NOT_AUTHORIZED, 'user and password, or a client certificate, are needed'), false);
  }
}
