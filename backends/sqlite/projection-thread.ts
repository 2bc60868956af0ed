import { packMessages, type ProjectionThreadData, type ToProjection } from './projection-messages.ts';
import type { RetentionPolicy, RetentionReport } from './retention.ts';
import type { ProjectedMessage, ProjectionProgress, ProjectionStart } from './sqlite-projection.ts';
import { ThreadCalls } from './thread-calls.ts';
import { startWorker } from './worker-entry.ts';

export type ProjectionThreadOptions = ProjectionThreadData;

/**
 * A copy of the outcomes of a divided log, in a thread of its own; a `ReaderThread` reads it. Every promise of it rejects
 * with `UnavailableError` once the thread has ended.
 */
export class ProjectionThread {
  readonly #calls: ThreadCalls<ToProjection, never>;

  private constructor(options: ProjectionThreadOptions) {
    this.#calls = new ThreadCalls(startWorker('projection-worker', options), 'copy', () => {});
  }

  /**
   * Opens the folder in a new thread, and makes it where there is none; lock it first (`lockFolder`).
   * @throws ConfigError, CannotWriteError, UnavailableError as `openForWriting` does
   */
  static async start(options: ProjectionThreadOptions): Promise<ProjectionThread> {
    const thread = new ProjectionThread(options);
    await thread.#calls.ready();
    return thread;
  }

  /** Where each partition of each topic is to be gone on from. */
  positions(): Promise<ProjectionStart> {
    return this.#calls.call((id) => ({ type: 'start', id })) as Promise<ProjectionStart>;
  }

  /**
   * Stores a batch with its offsets, in one transaction; hand in one at a time.
   * @throws CannotWriteError or UnavailableError; then nothing of it is stored, and trying again is right
   */
  apply(batch: readonly ProjectedMessage[]): Promise<ProjectionProgress> {
    const messages = packMessages(batch);
    const transfer = [messages.body.buffer as ArrayBuffer];
    return this.#calls.call((id) => ({ type: 'apply', id, messages }), transfer) as Promise<ProjectionProgress>;
  }

  /** Removes what is older than the policy says; resolves when all of it is gone. */
  retain(policy: RetentionPolicy, now: number): Promise<RetentionReport> {
    return this.#calls.call((id) => ({ type: 'retain', id, policy, now })) as Promise<RetentionReport>;
  }

  /** Resolves when the thread has ended: with the error that ended it, or nothing where it was closed. */
  ended(): Promise<Error | undefined> {
    return this.#calls.ended();
  }

  close(): Promise<void> {
    return this.#calls.close({ type: 'close' });
  }
}
