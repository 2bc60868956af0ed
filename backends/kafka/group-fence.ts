/**
 * Whether the group still counts this process as a member, asked of the group itself. What goes along with a transaction
 * does not say so: the broker takes offsets without a member's name within a transaction, and a client that was thrown
 * out of its group has no name for a moment. Offsets that are committed outside of one are refused to strangers.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaConsumer, TopicPartitionOffset } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Refusal } from './group-commits.ts';

export interface GroupFence {
  readonly member: KafkaConsumer;
  /** @throws UnavailableError where it is no member, or nobody says so in time */
  confirm(place: TopicPartitionOffset): Promise<void>;
}

/**
 * The group is being divided anew, this member with it, or was and its answer is on the way: asked again. Whom the group
 * gave up is told otherwise (25).
 */
const PASSING: ReadonlySet<unknown> = new Set([22, 27]);
const AGAIN_MS = 50;
/** Less than the broker lets a transaction be open. */
const PATIENCE_MS = 8_000;

export function createGroupFence(
  member: KafkaConsumer,
  commit: (places: readonly TopicPartitionOffset[]) => Promise<Refusal | undefined>,
): GroupFence {
  return {
    member,
    async confirm(place) {
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        const refused = await commit([place]);
        if (refused === undefined) return;
        if (!PASSING.has(refused.code) || performance.now() > until)
          throw new UnavailableError(`the group of detectors does not count this process: ${refused.message}`);
        await pause(AGAIN_MS);
      }
    },
  };
}
