/** How a consumer is connected and closed, whoever reads with it. */
import type { KafkaConsumer } from 'node-rdkafka';
import { withReason } from './name-reason.ts';
import { closeWithin, settle } from './settle.ts';

export interface ConnectLimits {
  readonly connectMs: number;
  /** For closing what could not be connected. */
  readonly closeMs: number;
}

const CONNECT_MS = 15_000;
const CLOSE_MS = 3_000;

/** Resolves in any case, at the latest after `withinMs`, with whether it was closed. Closing twice may crash the client. */
export function closeConsumer(consumer: Pick<KafkaConsumer, 'disconnect'>, withinMs = CLOSE_MS): Promise<boolean> {
  return closeWithin(withinMs, (done) => {
    consumer.disconnect(() => {
      done();
    });
  });
}

/**
 * Connects; a consumer that cannot be connected is closed.
 * @throws UnavailableError where no broker answers
 */
export async function connectConsumer(
  consumer: Pick<KafkaConsumer, 'connect' | 'disconnect' | 'on' | 'removeListener'>,
  { connectMs, closeMs }: ConnectLimits = { connectMs: CONNECT_MS, closeMs: CLOSE_MS },
): Promise<void> {
  // Between tries the client goes on by itself; what fails is told again by the call that it happened to.
  consumer.on('event.error', () => undefined);
  try {
    await withReason(consumer, () =>
      settle<unknown>('connect', (done) => {
        consumer.connect({ timeout: connectMs }, done);
      }),
    );
  } catch (error) {
    await closeConsumer(consumer, closeMs);
    throw error;
  }
}
