/** Where a follower goes on, and whether the topic is still the one that it followed before. */
import { crc32 } from 'node:zlib';
import { ConfigError } from '../../contracts/errors.ts';

/** Where a partition is gone on from. */
export interface FollowerPlace {
  readonly topic: string;
  readonly partition: number;
  /** Offset behind the last message that was taken; 0 where there was none. */
  readonly next: number;
  /** CRC-32 of that last message. A topic that was deleted and made anew has another one there, or none. */
  readonly lastSum: number;
  /** What retention has removed before it was taken is passed over, and told; else it is an error. */
  readonly mayMiss?: boolean;
}

export interface Kept {
  readonly lowOffset: number;
  readonly highOffset: number;
}

/** Messages that retention removed before they were taken. */
export interface MissedMessages {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export interface BeginOfPlace {
  /** The first message to be fetched. */
  readonly offset: number;
  /** Whether that is the last one taken, to be looked at and not taken again. */
  readonly looksAtLast: boolean;
  readonly missed?: MissedMessages;
}

const REMEDY = 'Stop, remove the folder, and start again: it is filled anew from Kafka.';

function nameOf({ topic, partition }: FollowerPlace): string {
  return `partition ${String(partition)} of topic ${topic}`;
}

/** @throws ConfigError where the topic cannot be the one that was followed, or no longer has what comes next */
export function beginOf(place: FollowerPlace, { lowOffset, highOffset }: Kept): BeginOfPlace {
  const { topic, partition, next } = place;
  if (next > highOffset) throw madeAnew(place, `it ends at ${String(highOffset)}`);
  if (next === 0 || lowOffset === next) return { offset: Math.max(next, lowOffset), looksAtLast: false };
  if (lowOffset < next) return { offset: next - 1, looksAtLast: true };
  if (place.mayMiss === true)
    return { offset: lowOffset, looksAtLast: false, missed: { topic, partition, from: next, to: lowOffset } };
  throw new ConfigError([
    `${nameOf(place)} begins at ${String(lowOffset)}, and what was copied of it ends at ${String(next)}: what lies between ` +
      `is no longer kept. ${REMEDY}`,
  ]);
}

/** @throws ConfigError where the message is not the last one that was taken */
export function expectLast(
  place: FollowerPlace,
  message: { readonly offset: number; readonly value: Uint8Array },
): void {
  if (message.offset === place.next - 1 && crc32(message.value) === place.lastSum) return;
  throw madeAnew(place, `another message stands at ${String(message.offset)}`);
}

/** The error where the last message that was taken is not there. */
export function madeAnew(place: FollowerPlace, why: string): ConfigError {
  return new ConfigError([
    `${nameOf(place)} is not the one that was copied up to ${String(place.next)}: ${why}. It was made anew. ${REMEDY}`,
  ]);
}
