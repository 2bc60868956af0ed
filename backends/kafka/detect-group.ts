/** Keeps a membership in the group of detectors: after a failure that may pass, another one. */
import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../contracts/errors.ts';
import { createDetectFigures, type DetectFigures, type PartitionFigures } from './detect-figures.ts';
import { DetectSession, type DetectSessionOptions } from './detect-session.ts';
import { openRegistryShelf } from './registry-shelf.ts';
import { ValueFile } from './value-file.ts';

export interface DetectGroupOptions extends Omit<DetectSessionOptions, 'figures' | 'shelf' | 'file'> {
  readonly onTrouble: (error: Error) => void;
}

export interface DetectGroup {
  readonly figures: DetectFigures;
  readonly partitions: () => readonly PartitionFigures[];
  /** Why nothing is worked on now; undefined while all is well. */
  readonly trouble: () => Error | undefined;
  /** Resolves with what it cannot go on for. */
  readonly failed: Promise<Error>;
  /** Idempotent. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A membership that held so long was a good one: the next failure is a new one. */
const HELD_MS = 60_000;

export function startDetectGroup(options: DetectGroupOptions): DetectGroup {
  const figures = createDetectFigures();
  const file = new ValueFile();
  const shelf = openRegistryShelf(options.module, options.settings);
  const closing = new AbortController();
  let session: DetectSession | undefined;
  let trouble: Error | undefined;
  const member = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!closing.signal.aborted) {
      const startedAt = performance.now();
      session = new DetectSession({ ...options, figures, shelf, file });
      try {
        const running = session.run();
        trouble = undefined;
        await running;
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        trouble = error;
        figures.restarts += 1;
        options.onTrouble(error);
        pauseMs = performance.now() - startedAt > HELD_MS ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        await pause(pauseMs, undefined, { signal: closing.signal }).catch((stopped: unknown) => stopped);
      }
    }
  };
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const running = member().catch((error: unknown) => {
    fail(error instanceof Error ? error : new Error(String(error)));
  });
  const close = async (): Promise<void> => {
    closing.abort();
    session?.close();
    await running;
    file.close();
  };
  let closed: Promise<void> | undefined;
  return {
    figures,
    partitions: () => session?.partitions() ?? [],
    trouble: () => trouble,
    failed,
    close: () => (closed ??= close()),
  };
}
