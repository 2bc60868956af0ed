import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { attempt, hungClient, settle } from './settle.ts';

function refuse(): never {
  throw new Error('KafkaConsumer is disconnected');
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a call of the client that throws instead of answering', () => {
  it('is unavailable, and not taken for a client that hangs', async () => {
    let isHung = false;
    void hungClient().then(() => {
      isHung = true;
    });
    await expect(settle('read', refuse)).rejects.toThrow(
      new UnavailableError('Kafka, read: KafkaConsumer is disconnected'),
    );
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(isHung).toBe(false);
  });

  it('is unavailable where it answers at once', () => {
    expect(() => attempt('commit', refuse)).toThrow(
      new UnavailableError('Kafka, commit: KafkaConsumer is disconnected'),
    );
    expect(attempt('commit', () => 7)).toBe(7);
  });

  it('stays what it is where it was called wrongly', async () => {
    const wrong = (): never => {
      throw new TypeError('offset has to be a number');
    };
    expect(() => attempt('commit', wrong)).toThrow(TypeError);
    await expect(settle('commit', wrong)).rejects.toThrow(TypeError);
  });
});
