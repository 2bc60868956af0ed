import { describe, expect, it, vi } from 'vitest';
import { InvariantError, UnavailableError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { PartitionWorker } from '../../contracts/ports/partition.ts';
import { PartitionSlot, type SlotParts } from './partition-slot.ts';

const tick = (offset: number): LogRecord => ({ kind: 'tick', received: 1_000 + offset, offset });

function setUp(over: Partial<SlotParts> = {}): {
  readonly slot: PartitionSlot;
  readonly told: { readonly taken: number[]; readonly failures: unknown[]; readonly troubles: Error[]; gone: number };
  readonly worker: PartitionWorker;
} {
  const told = { taken: [] as number[], failures: [] as unknown[], troubles: [] as Error[], gone: 0 };
  const worker = {
    from: 10,
    next: () => (told.taken.at(-1) ?? 9) + 1,
    clock: () => 0,
    take: (records: readonly LogRecord[]) => {
      told.taken.push(...records.map(({ offset }) => offset));
      return Promise.resolve();
    },
    save: vi.fn(() => Promise.resolve()),
    close: vi.fn(),
  };
  const slot = new PartitionSlot({
    partition: 3,
    worker,
    committed: () => 10,
    complete: (records) => Promise.resolve(records),
    onFailure: (error) => told.failures.push(error),
    onTrouble: (error) => told.troubles.push(error),
    onDone: () => undefined,
    onGone: () => {
      told.gone += 1;
    },
    ...over,
  });
  return { slot, told, worker };
}

describe('the queue of a partition', () => {
  it('hands over what comes, with the holes that transactions leave', async () => {
    const { slot, told, worker } = setUp();
    slot.add([tick(10), tick(11)]);
    slot.add([tick(15)]);
    await expect.poll(() => told.taken).toEqual([10, 11, 15]);
    await slot.leave(true);
    expect([told.failures, told.gone]).toEqual([[], 1]);
    expect(worker.save).toHaveBeenCalledOnce();
  });

  it.each([
    ['before what its detector goes on from', [tick(9)]],
    ['that it has had', [tick(10), tick(10)]],
  ])('refuses an offset %s', (_, records) => {
    expect(() => {
      setUp().slot.add(records);
    }).toThrow(/partition 3 goes back: offset \d+ came where \d+ or a later one was due/);
  });

  it('stands still while a registry is not to be had, says so once, and goes on with it', async () => {
    let isThere = false;
    let asked = 0;
    const complete = (records: readonly LogRecord[]): Promise<readonly LogRecord[]> => {
      asked += 1;
      return isThere ? Promise.resolve(records) : Promise.reject(new UnavailableError('registry abc is not there'));
    };
    const { slot, told } = setUp({ complete });
    slot.add([tick(10)]);
    await expect.poll(() => asked, { timeout: 5_000 }).toBe(2);
    expect([slot.trouble?.message, slot.waiting(), told.taken]).toEqual(['registry abc is not there', 1, []]);
    expect(told.troubles).toHaveLength(1);
    isThere = true;
    await expect.poll(() => told.taken, { timeout: 5_000 }).toEqual([10]);
    expect([slot.trouble, told.failures]).toEqual([undefined, []]);
    slot.drop();
  });

  it('goes at once also while it stands still', async () => {
    const { slot, told, worker } = setUp({
      complete: () => Promise.reject(new UnavailableError('registry abc is not there')),
    });
    slot.add([tick(10)]);
    await expect.poll(() => told.troubles.length).toBe(1);
    await slot.leave(true);
    expect([told.taken, told.gone, told.failures]).toEqual([[], 1, []]);
    expect(worker.save).toHaveBeenCalledOnce();
  });

  it('tells of what its detector cannot go on after, and takes nothing more', async () => {
    const wrong = new InvariantError('two and two are five');
    const { slot, told } = setUp({ complete: () => Promise.reject(wrong) });
    slot.add([tick(10)]);
    await expect.poll(() => told.failures).toEqual([wrong]);
    slot.add([tick(11)]);
    expect(slot.waiting()).toBeLessThan(2);
  });

  it('lets go of what is held once, whichever way it ends', async () => {
    const { slot, told, worker } = setUp({});
    slot.drop();
    await slot.leave(false);
    slot.drop();
    expect(told.gone).toBe(1);
    expect(worker.close).toHaveBeenCalledOnce();
    expect(worker.save).not.toHaveBeenCalled();
  });
});
