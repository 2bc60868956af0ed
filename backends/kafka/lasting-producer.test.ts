import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { DurableProducer } from './durable-producer.ts';
import { LastingProducer, type LastingProducerOptions } from './lasting-producer.ts';

interface Fake extends DurableProducer {
  fail(error: Error): void;
  sent: number;
  closed: number;
}

function fake(): Fake {
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const made: Fake = {
    sent: 0,
    closed: 0,
    failed,
    fail,
    send: async () => {
      made.sent += 1;
    },
    close: async () => {
      made.closed += 1;
    },
  };
  return made;
}

async function open(made: (Fake | Error)[], told: Error[] = []): Promise<LastingProducer> {
  const options = {
    name: 'test',
    replaced: (error: Error) => told.push(error),
    open: async () => {
      const next = made.shift();
      if (next === undefined) throw new UnavailableError('no more');
      if (next instanceof Error) throw next;
      return next;
    },
  };
  return LastingProducer.open(options as unknown as LastingProducerOptions);
}

const MESSAGES = [{ topic: 't', partition: 0, key: '', value: null }];

describe('a producer that lasts', () => {
  it('is unavailable while the client that failed for good is replaced, and then goes on', async () => {
    const [first, second] = [fake(), fake()];
    const told: Error[] = [];
    const producer = await open([first, new UnavailableError('still away'), second], told);
    await producer.send(MESSAGES);
    first.fail(new Error('fatal'));
    await expect.poll(() => told.length).toBeGreaterThan(0);
    await expect(producer.send(MESSAGES)).rejects.toThrow(UnavailableError);
    await expect
      .poll(() =>
        producer.send(MESSAGES).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(told.map(({ message }) => message)).toEqual(['fatal', 'still away']);
    expect([first.sent, first.closed, second.closed]).toEqual([1, 1, 0]);
    await producer.close();
    expect([first.closed, second.closed]).toEqual([1, 1]);
    await expect(producer.send(MESSAGES)).rejects.toThrow(UnavailableError);
  });

  it('can be closed while it looks for the server', async () => {
    const first = fake();
    const told: Error[] = [];
    const producer = await open([first], told);
    first.fail(new Error('fatal'));
    await expect.poll(() => told.length).toBe(2);
    await producer.close();
    const tries = told.length;
    await new Promise(setImmediate);
    expect(told).toHaveLength(tries);
  });

  it('that finds no server at the start says so', async () => {
    await expect(open([])).rejects.toThrow(UnavailableError);
  });
});
