/** Calls of the client that answer by callback, as promises; the client's errors as ours. */
import type { LibrdKafkaError } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';

/** @throws UnavailableError with what was asked and what the client said */
export function settle<T = void>(
  what: string,
  ask: (done: (error: LibrdKafkaError | null | undefined, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error === null || error === undefined) resolve(value as T);
      else reject(new UnavailableError(`Kafka, ${what}: ${error.message}`, { cause: error }));
    });
  });
}

/**
 * Closes a connection; resolves in any case, at the latest after `withinMs`: the client is known to wait for ever for a
 * broker that hangs, and what it holds goes with the process.
 */
export function closeWithin(withinMs: number, close: (done: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false);
    }, withinMs);
    close(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Waits for work that is under way, but not for ever. */
export async function waitAtMost(withinMs: number, work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined) return;
  await closeWithin(withinMs, (done) => {
    void work.then(done, done);
  });
}
