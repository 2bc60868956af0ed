import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { KafkaModule } from './load-client.ts';
import { createSerialWriter } from './serial-writer.ts';

const FENCED = Object.assign(new Error('fenced by another writer'), { code: -144, isFatal: true });
type Done = (error: Error | null) => void;

/** A client whose first transactions are fenced when they are begun. */
function fencedModule(times: number): KafkaModule {
  let begun = 0;
  const yes = (...args: unknown[]): void => {
    (args.at(-1) as Done)(null);
  };
  class Producer extends EventEmitter {
    connect = yes;
    initTransactions = yes;
    flush = yes;
    commitTransaction = yes;
    setPollInterval(): void {}
    produce(): void {}
    isConnected(): boolean {
      return false;
    }
    beginTransaction(done: Done): void {
      begun += 1;
      done(begun <= times ? FENCED : null);
    }
  }
  return { Producer } as unknown as KafkaModule;
}

/** Ms between the tries of one write, and how it ended. */
async function triesOf(times: number, random: () => number): Promise<{ pausesMs: number[]; failure: unknown }> {
  const settings = { brokers: 'nowhere:9092', prefix: 't.', partitions: 1, transactions: true };
  const writer = createSerialWriter({ module: fencedModule(times), settings, name: 'control', random });
  const triedAt: number[] = [];
  const writing = writer
    .write(async () => {
      triedAt.push(Date.now());
      return [{ topic: 't.log', partition: 0, key: '', value: Buffer.from('x') }];
    })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  await vi.runAllTimersAsync();
  const failure = await writing;
  await writer.close();
  return { pausesMs: triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0)), failure };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a writer that is fenced again and again', () => {
  it('waits longer each time, up to a bound', async () => {
    const { pausesMs, failure } = await triesOf(7, () => 1);
    expect(failure).toBeUndefined();
    expect(pausesMs).toEqual([200, 400, 800, 1_600, 3_200, 4_000, 4_000]);
  });

  it('waits for as long as chance has it, so that two of them part', async () => {
    const { pausesMs: one } = await triesOf(4, () => 0);
    const { pausesMs: other } = await triesOf(4, () => 0.5);
    expect(one).toEqual([50, 100, 200, 400]);
    expect(other).toEqual([125, 250, 500, 1_000]);
  });

  it('gives up in the end', async () => {
    const { pausesMs, failure } = await triesOf(1_000, () => 0);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(pausesMs).toHaveLength(9);
  });
});
