import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { closeConsumer, connectConsumer } from './connect-consumer.ts';

type Connected = Parameters<typeof connectConsumer>[0];
const LIMITS = { connectMs: 1_000, closeMs: 2_000 };

interface FakeConsumer {
  readonly consumer: Connected;
  readonly emitter: EventEmitter;
  readonly closed: () => number;
}

function fakeConsumer({ failure = null as Error | null, closes = true } = {}): FakeConsumer {
  const emitter = new EventEmitter();
  let closed = 0;
  const consumer = Object.assign(emitter, {
    connect: (_: unknown, done: (error: Error | null) => void) => {
      done(failure);
    },
    disconnect: (done: () => void) => {
      closed += 1;
      if (closes) done();
    },
  });
  return { consumer: consumer as unknown as Connected, emitter, closed: () => closed };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('connecting a consumer', () => {
  it('leaves it open, and survives what the client says between its tries', async () => {
    const { consumer, emitter, closed } = fakeConsumer();
    await connectConsumer(consumer, LIMITS);
    expect(() => emitter.emit('event.error', new Error('a broker is away'))).not.toThrow();
    expect(closed()).toBe(0);
  });

  it('closes it where no broker answers', async () => {
    const { consumer, closed } = fakeConsumer({ failure: new Error('transport failure') });
    await expect(connectConsumer(consumer, LIMITS)).rejects.toThrow(
      new UnavailableError('Kafka, connect: transport failure'),
    );
    expect(closed()).toBe(1);
  });

  it('waits for no closing that does not end', async () => {
    const { consumer } = fakeConsumer({ failure: new Error('transport failure'), closes: false });
    const connecting = expect(connectConsumer(consumer, LIMITS)).rejects.toThrow(UnavailableError);
    await vi.advanceTimersByTimeAsync(LIMITS.closeMs);
    await connecting;
  });
});

describe('closing a consumer', () => {
  it('says whether it was closed', async () => {
    expect(await closeConsumer(fakeConsumer().consumer, 1_000)).toBe(true);
    const closing = closeConsumer(fakeConsumer({ closes: false }).consumer, 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await closing).toBe(false);
  });
});
