/**
 * Every bound of the MQTT endpoint, in one place. Each is there so that no client, by fault or by will, can take
 * memory, processor time or log space without end; each can be set, and the defaults suit a city on a small server.
 */

/** A report or an array of reports, as the contract has it. */
export const MAX_PAYLOAD_BYTES = 1_048_576;
export const MAX_REPORTS = 1_000;
/** How much of a payload over the limit stands in its dead letter. */
export const KEPT_PAYLOAD_BYTES = 16_384;

export interface Limits {
  /** Connections at one time; further ones are closed at once. */
  readonly connections: number;
  /** Connections at one time from one address; 0 = no limit (many devices stand behind one router). */
  readonly connectionsPerAddress: number;
  /** New connections a second, with twice as many in a burst; further ones are closed at once, devices try again. */
  readonly connectionsPerSecond: number;
  /** CONNECT must arrive within this time after the connection. */
  readonly connectMs: number;
  /** CONNECT, SUBSCRIBE and UNSUBSCRIBE may be this long: nothing a device needs to say is longer. */
  readonly requestBytes: number;
  /** A client that asked for no keep-alive is closed after this silence. */
  readonly silentMs: number;
  /** Of a packet that has begun, another 16 KiB or its end must come within this time. */
  readonly packetMs: number;
  /** A client that does not take its PUBACKs for this long is closed. */
  readonly drainMs: number;
  /** Payload bytes of all connections that wait for storage; then sockets are not read. */
  readonly waitingBytes: number;
  /** Bytes of packets over 16 KiB that have begun to come in, of all connections; then such packets wait. */
  readonly begunBytes: number;
  /** Messages of one connection that wait for storage; then its socket is not read. */
  readonly waitingPerConnection: number;
  /** Messages a second of one connection, with as many in a burst; beyond it the socket is read later. 0 = no limit. */
  readonly messagesPerSecond: number;
  /** A message that storage has not taken after this time closes its connection, without PUBACK. */
  readonly refusalMs: number;
  /** First pause after a refused append; doubles up to `retryMaxMs`. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** Appends under way at one time: one more than one, so that the log works while the next group is read. */
  readonly appends: number;
  /** Messages and payload bytes of one append. */
  readonly appendMessages: number;
  readonly appendBytes: number;
  /** Passwords verified at one time, and waiting for it: verifying is costly on purpose. Further ones try again. */
  readonly verifications: number;
  readonly verificationsWaiting: number;
  /** A wrong password is refused unverified when it comes again within this time. */
  readonly wrongPasswordMs: number;
  /** How often the credentials of the connected are looked at again. */
  readonly revocationMs: number;
  /** A clean stop waits this long for appends under way. */
  readonly stopMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 20_000,
  connectionsPerAddress: 0,
  connectionsPerSecond: 1_000,
  connectMs: 10_000,
  requestBytes: 16_384,
  silentMs: 3_600_000,
  packetMs: 30_000,
  drainMs: 30_000,
  waitingBytes: 67_108_864,
  begunBytes: 16_777_216,
  waitingPerConnection: 1_000,
  messagesPerSecond: 0,
  refusalMs: 30_000,
  retryMs: 250,
  retryMaxMs: 2_000,
  appends: 2,
  appendMessages: 4_096,
  appendBytes: 8_388_608,
  verifications: 2,
  verificationsWaiting: 512,
  wrongPasswordMs: 10_000,
  revocationMs: 3_000,
  stopMs: 5_000,
};
