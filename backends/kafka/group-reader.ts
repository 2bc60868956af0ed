/** A reader of topics among several that share their partitions: keeps a membership, after a failure another one. */
import { createGroupFigures, type GroupFigures } from './group-figures.ts';
import { GroupMembership, type MembershipOptions } from './group-membership.ts';
import type { ReadPlace } from './group-queue.ts';
import { keepMember } from './keep-member.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';

export type GroupOptions = Omit<MembershipOptions, 'module' | 'settings' | 'figures'>;

export interface GroupReader {
  readonly figures: Readonly<GroupFigures>;
  /** Partitions that are read now, with how far they are. */
  readonly places: () => readonly ReadPlace[];
  readonly queuedBytes: () => number;
  /** What is not well now: the connection to Kafka, or whoever deals with the messages. */
  readonly trouble: () => { readonly kafka?: Error; readonly sink?: Error };
  /** Resolves with what it cannot go on for. */
  readonly failed: Promise<Error>;
  /** Within ten seconds, whatever hangs. Idempotent. */
  close(): Promise<void>;
}

export function runGroup(module: KafkaModule, settings: KafkaSettings, options: GroupOptions): GroupReader {
  const figures = createGroupFigures();
  const closing = new AbortController();
  let membership: GroupMembership | undefined;
  let broken: Error | undefined;
  const open = (): GroupMembership => (membership = new GroupMembership({ ...options, module, settings, figures }));
  const onTrouble = (error: Error): void => {
    broken = error;
    figures.restarts += 1;
    options.onTrouble(error);
  };
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const running = keepMember(open, onTrouble, closing.signal).catch((error: unknown) => {
    fail(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    figures,
    places: () => membership?.places() ?? [],
    queuedBytes: () => membership?.queuedBytes() ?? 0,
    trouble: () => {
      if (membership?.isOpen() === true) return membership.trouble();
      return broken === undefined ? {} : { kafka: broken };
    },
    failed,
    async close() {
      closing.abort();
      membership?.close();
      await running;
    },
  };
}
