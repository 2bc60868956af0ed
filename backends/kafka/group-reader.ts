/** A reader of topics among several that share their partitions: keeps a membership, after a failure another one. */
import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../contracts/errors.ts';
import { GroupMembership, type GroupFigures, type MembershipOptions } from './group-membership.ts';
import type { ReadPlace } from './group-queue.ts';
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

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A membership that held so long was a good one: the next failure is a new one. */
const HELD_MS = 60_000;

function emptyFigures(): GroupFigures {
  return { messages: 0, bytes: 0, batches: 0, failures: 0, commitFailures: 0, rebalances: 0, restarts: 0 };
}

export function runGroup(module: KafkaModule, settings: KafkaSettings, options: GroupOptions): GroupReader {
  const figures = emptyFigures();
  const closing = new AbortController();
  let membership: GroupMembership | undefined;
  let broken: Error | undefined;
  const keep = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!closing.signal.aborted) {
      const startedAt = performance.now();
      membership = new GroupMembership({ ...options, module, settings, figures });
      try {
        await membership.run();
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        broken = error;
        figures.restarts += 1;
        options.onTrouble(error);
        pauseMs = performance.now() - startedAt > HELD_MS ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        await pause(pauseMs, undefined, { signal: closing.signal }).catch((woken: unknown) => woken);
      }
    }
  };
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const running = keep().catch((error: unknown) => {
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
