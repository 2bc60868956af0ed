import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { KafkaModule } from './load-client.ts';
import { readRange, RemovedError, type Range } from './read-range.ts';

type Done<T> = (error: Error | null, value?: T) => void;
interface Taken {
  readonly offset: number;
}

/** A partition whose messages are given three at a time, as a client that reads it sees it. */
interface FakePartition {
  /** Offsets of messages, in order; what is missing between them are ends of transactions. */
  readonly offsets: readonly number[];
  /** First offset that is kept after so many readings. */
  readonly low: (readings: number) => number;
  readonly fault?: 'not-connected' | 'not-closed';
}

function fakeModule({ offsets, low, fault }: FakePartition): { module: KafkaModule; closed: () => number } {
  let readings = 0;
  let closed = 0;
  class KafkaConsumer extends EventEmitter {
    #next = 0;
    setDefaultConsumeTimeout(): void {}
    connect(_: unknown, done: Done<unknown>): void {
      done(fault === 'not-connected' ? new Error('transport failure') : null);
    }
    queryWatermarkOffsets(_topic: string, _partition: number, _ms: number, done: Done<unknown>): void {
      done(null, { lowOffset: low(readings), highOffset: (offsets.at(-1) ?? -1) + 1 });
    }
    assign([place]: readonly Taken[]): void {
      this.#next = place?.offset ?? 0;
    }
    consume(_: number, done: Done<readonly Taken[]>): void {
      // It goes on with the first that is kept, and says nothing of what it passed over.
      const from = Math.max(this.#next, low(readings));
      readings += 1;
      const messages = offsets.filter((offset) => offset >= from).slice(0, 3);
      if (messages.length === 0) this.emit('partition.eof', { offset: (offsets.at(-1) ?? -1) + 1 });
      this.#next = (messages.at(-1) ?? this.#next - 1) + 1;
      done(
        null,
        messages.map((offset) => ({ offset })),
      );
    }
    disconnect(done: () => void): void {
      closed += 1;
      if (fault !== 'not-closed') done();
    }
  }
  return { module: { KafkaConsumer } as unknown as KafkaModule, closed: () => closed };
}

async function read(module: KafkaModule, range: Pick<Range, 'fromOffset' | 'toOffset' | 'isWhole'>): Promise<number[]> {
  const found: number[] = [];
  const settings = { brokers: 'nowhere:9092', prefix: 't.', partitions: 1, transactions: true };
  for await (const messages of readRange(module, settings, { topic: 'log', partition: 0, ...range }))
    found.push(...messages.map(({ offset }) => offset));
  return found;
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_, offset) => offset);

describe('a range of a partition', () => {
  it('is read to its end, or to the end of what is there', async () => {
    const { module, closed } = fakeModule({ offsets: upTo(10), low: () => 0 });
    expect(await read(module, { fromOffset: 2, toOffset: 7 })).toEqual([2, 3, 4, 5, 6]);
    expect(await read(module, { fromOffset: 8 })).toEqual([8, 9]);
    expect(closed()).toBe(2);
  });

  it('begins with what is kept', async () => {
    const { module } = fakeModule({ offsets: upTo(10), low: () => 4 });
    expect(await read(module, { fromOffset: 2, toOffset: 7 })).toEqual([4, 5, 6]);
    expect(await read(module, { fromOffset: 4, toOffset: 7, isWhole: true })).toEqual([4, 5, 6]);
  });
});

describe('a range of which all is needed', () => {
  it('is refused where its beginning was removed', async () => {
    const { module, closed } = fakeModule({ offsets: upTo(10), low: () => 4 });
    await expect(read(module, { fromOffset: 2, toOffset: 7, isWhole: true })).rejects.toThrow(
      new RemovedError(
        'partition 0 of log: what stood from 2 to 4 is needed, and is no longer kept: its retention has removed it',
      ),
    );
    expect(closed()).toBe(1);
  });

  it('is whole where ends of transactions stand between the messages', async () => {
    const offsets = [0, 1, 3, 4, 6, 7, 9];
    const { module } = fakeModule({ offsets, low: () => 0 });
    expect(await read(module, { fromOffset: 0, toOffset: 9, isWhole: true })).toEqual([0, 1, 3, 4, 6, 7]);
    expect(await read(module, { fromOffset: 0, toOffset: 11, isWhole: true })).toEqual(offsets);
  });

  it('is refused where some of it is removed while it is read', async () => {
    const removed = { offsets: upTo(20), low: (readings: number) => (readings === 0 ? 0 : 9) };
    const range = { fromOffset: 0, toOffset: 15 };
    await expect(read(fakeModule(removed).module, { ...range, isWhole: true })).rejects.toThrow(RemovedError);
    expect(await read(fakeModule(removed).module, range)).toEqual([0, 1, 2, ...upTo(15).slice(9)]);
  });

  it('is refused where its end was removed', async () => {
    const { module } = fakeModule({ offsets: upTo(3), low: (readings) => (readings === 0 ? 0 : 8) });
    await expect(read(module, { fromOffset: 0, toOffset: 8, isWhole: true })).rejects.toThrow(RemovedError);
  });
});

describe('the connection of a range', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is closed where it cannot be made', async () => {
    const { module, closed } = fakeModule({ offsets: [], low: () => 0, fault: 'not-connected' });
    await expect(read(module, { fromOffset: 0 })).rejects.toThrow(UnavailableError);
    expect(closed()).toBe(1);
  });

  it('keeps nobody waiting that does not close', async () => {
    vi.useFakeTimers();
    const { module } = fakeModule({ offsets: upTo(2), low: () => 0, fault: 'not-closed' });
    const reading = read(module, { fromOffset: 0 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await reading).toEqual([0, 1]);
  });
});
