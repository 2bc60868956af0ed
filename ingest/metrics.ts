/**
 * What ingest counts. Plain numbers that only grow, except where said; whoever serves `/metrics` reads them.
 *
 * Conservation: `messages` = `acknowledged` + `unacknowledged` + those that wait now (`waitingMessages`).
 */
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../contracts/errors.ts';

/** Why a connection was not accepted or was closed by us. Closed list; a reason is never reused. */
export const REFUSAL_REASONS = [
  /** Over `connections`, `connectionsPerAddress` or `connectionsPerSecond`. */
  'connection-limit',
  'connection-rate',
  /** No CONNECT, or a begun packet not completed, in time. */
  'connect-timeout',
  'packet-timeout',
  /** TLS could not be agreed upon. */
  'tls',
  /** Bytes that are no MQTT, or packets that a publisher may not send. */
  'protocol',
  /** MQTT 5. */
  'version',
  'qos',
  'payload-too-long',
  'topic',
  /** User and password, or certificate, do not fit; too many wait to be verified; credentials withdrawn. */
  'credentials',
  'verification-limit',
  'revoked',
  /** Keep-alive not kept. */
  'silence',
  /** Storage did not take a message in time. */
  'storage',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Upper bounds in ms of the time from a message's arrival to its PUBACK; one more bucket for what is above. */
export const PUBACK_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

export interface IngestMetrics {
  /** PUBLISH packets taken in, and their payload bytes. */
  messages: number;
  bytes: number;
  /** PUBACKs sent after the durable write. */
  acknowledged: number;
  /** Messages that got none: storage refused, or the connection was gone. Their devices send them again. */
  unacknowledged: number;
  /** Durable entries by what they are. */
  reports: number;
  readonly dead: Record<DeadLetterReason, number>;
  readonly refused: Record<RefusalReason, number>;
  /** SUBSCRIBE packets answered with 0x80, wills taken off a CONNECT. */
  subscriptions: number;
  wills: number;
  opened: number;
  /** Now open; goes up and down. */
  connections: number;
  appends: number;
  appendFailures: number;
  /** Waiting for storage now; go up and down. */
  waitingMessages: number;
  waitingBytes: number;
  /** Announced bytes of the long packets that are coming in now; goes up and down. */
  begunBytes: number;
  readonly puback: {
    /** As many as PUBACK_BOUNDS_MS, and one more; not cumulative. */
    readonly counts: number[];
    sumMs: number;
  };
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

export function createIngestMetrics(): IngestMetrics {
  return {
    messages: 0,
    bytes: 0,
    acknowledged: 0,
    unacknowledged: 0,
    reports: 0,
    dead: zeros(DEAD_LETTER_REASONS),
    refused: zeros(REFUSAL_REASONS),
    subscriptions: 0,
    wills: 0,
    opened: 0,
    connections: 0,
    appends: 0,
    appendFailures: 0,
    waitingMessages: 0,
    waitingBytes: 0,
    begunBytes: 0,
    puback: { counts: new Array<number>(PUBACK_BOUNDS_MS.length + 1).fill(0), sumMs: 0 },
  };
}

/** Counts one PUBACK that was sent `ms` after its message came in. */
export function observePuback({ puback }: IngestMetrics, ms: number): void {
  let bucket = 0;
  while (bucket < PUBACK_BOUNDS_MS.length && ms > (PUBACK_BOUNDS_MS[bucket] ?? 0)) bucket += 1;
  puback.counts[bucket] = (puback.counts[bucket] ?? 0) + 1;
  puback.sumMs += ms;
}
