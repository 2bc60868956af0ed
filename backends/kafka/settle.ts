/** Calls of the client that answer by callback, as promises; the client's errors as ours. */
import type { LibrdKafkaError, Producer } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';

/**
 * A call that has a limit of its own and did not come back: librdkafka is known to wait for ever for an answer that was
 * lost with its connection. The thread that waits is lost, and with it the way to end properly: the process has to go.
 */
export class HungClientError extends UnavailableError {}

/** Longer than any limit that a call is given. */
const HUNG_MS = 45_000;

let tellHung: (error: HungClientError) => void = () => undefined;
const hung = new Promise<HungClientError>((resolve) => {
  tellHung = resolve;
});

/** Resolves when a call of any client of this process did not come back. */
export function hungClient(): Promise<HungClientError> {
  return hung;
}

/**
 * A call that the client answers at once. It throws its errors as they come: a connection that ended a moment ago among
 * them.
 * @throws UnavailableError with what was asked and what the client said
 */
export function attempt<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TypeError) throw error;
    throw new UnavailableError(`Kafka, ${what}: ${error.message}`, { cause: error });
  }
}

/** @throws UnavailableError with what was asked and what the client said; HungClientError where it says nothing at all */
export function settle<T = void>(
  what: string,
  ask: (done: (error: LibrdKafkaError | null | undefined, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new HungClientError(`Kafka, ${what}: the client does not come back`);
      tellHung(error);
      reject(error);
    }, HUNG_MS);
    try {
      attempt(what, () => {
        ask((error, value) => {
          clearTimeout(timer);
          if (error === null || error === undefined) resolve(value as T);
          else reject(new UnavailableError(`Kafka, ${what}: ${error.message}`, { cause: error }));
        });
      });
    } catch (error) {
      // It was refused before it was asked: nothing will answer.
      clearTimeout(timer);
      throw error;
    }
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

/**
 * Closes a producer. One that never connected, or failed to, is closed already: the client throws where it is asked again.
 * @param withinMs for what is still to be sent, and for the closing
 */
export async function closeProducer(producer: Producer, withinMs: number): Promise<void> {
  if (!producer.isConnected()) return;
  // Whoever polls a client while another thread takes it apart brings the process down; what is sent still, `disconnect` awaits.
  producer.setPollInterval(0);
  await closeWithin(withinMs, (done) => {
    producer.disconnect(withinMs / 2, done);
  });
}

/** Waits for work that is under way, but not for ever. */
export async function waitAtMost(withinMs: number, work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined) return;
  await closeWithin(withinMs, (done) => {
    void work.then(done, done);
  });
}
