import { fromPlainError, type PlainError } from './error-transfer.ts';
import { startWorker } from './worker-entry.ts';

export interface RunningCheck {
  /** What is wrong, at most 20 lines. Rejects where it could not be looked at, or was stopped. */
  readonly faults: Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Looks through the whole database of a folder in a thread of its own, beside its writer. */
export function startCheck(folder: string): RunningCheck {
  const worker = startWorker('check-worker', { folder });
  const faults = new Promise<readonly string[]>((resolve, reject) => {
    worker.once('message', (answer: { faults?: readonly string[]; error?: PlainError }) => {
      if (answer.faults !== undefined) resolve(answer.faults);
      else reject(answer.error === undefined ? new Error('the check gave no answer') : fromPlainError(answer.error));
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('the check was stopped'));
    });
  });
  return {
    faults,
    async stop() {
      await worker.terminate();
    },
  };
}
