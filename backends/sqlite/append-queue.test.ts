import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { AppendQueue } from './append-queue.ts';

const MIB = 1_048_576;

/** A store that answers when it is told to. */
class PatientStore {
  readonly groups: {
    readonly entries: number;
    readonly answer: (first: number) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  #arrived: () => void = () => {};

  readonly send = (blocks: readonly { readonly entries: number }[]): Promise<number> =>
    new Promise((resolve, reject) => {
      this.groups.push({
        entries: blocks.reduce((sum, block) => sum + block.entries, 0),
        answer: resolve,
        fail: reject,
      });
      this.#arrived();
    });

  async groupsAre(count: number): Promise<void> {
    while (this.groups.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}

function report(body = '{}'): LogEntry {
  return { kind: 'report', received: 0, site: 's', device: 'd', body };
}

describe('the queue of appends', () => {
  it('makes one group of what comes in one turn, and tells each append its own offset', async () => {
    const store = new PatientStore();
    const queue = new AppendQueue(store.send, MIB);
    const appends = [queue.append([report()]), queue.append([report(), report()]), queue.append([report()])];
    await store.groupsAre(1);
    store.groups[0]?.answer(70);
    expect(await Promise.all(appends)).toEqual([70, 71, 73]);
  });

  it('gathers while two groups are under way, and sends the rest together', async () => {
    const store = new PatientStore();
    const queue = new AppendQueue(store.send, MIB);
    const first = queue.append([report()]);
    await store.groupsAre(1);
    const second = queue.append([report()]);
    await store.groupsAre(2);
    const rest = [queue.append([report()]), queue.append([report()]), queue.append([report()])];
    store.groups[0]?.answer(0);
    await first;
    await store.groupsAre(3);
    expect(store.groups[2]?.entries).toBe(3);
    store.groups[1]?.answer(1);
    store.groups[2]?.answer(2);
    expect(await Promise.all([second, ...rest])).toEqual([1, 2, 3, 4]);
  });

  it('sends no more than 1,000 entries or about 4 MiB at a time', async () => {
    const store = new PatientStore();
    const queue = new AppendQueue(store.send, 64 * MIB);
    const many = Array.from({ length: 1_500 }, () => queue.append([report()]));
    await store.groupsAre(2);
    expect(store.groups.map(({ entries }) => entries)).toEqual([1_000, 500]);
    store.groups[0]?.answer(0);
    store.groups[1]?.answer(1_000);
    expect((await Promise.all(many)).at(-1)).toBe(1_499);
    const large = Array.from({ length: 3 }, () => queue.append([report('x'.repeat(3 * MIB))]));
    await store.groupsAre(4);
    expect(store.groups.slice(2).map(({ entries }) => entries)).toEqual([1, 1]);
    store.groups[2]?.answer(1_500);
    store.groups[3]?.answer(1_501);
    await store.groupsAre(5);
    store.groups[4]?.answer(1_502);
    expect(await Promise.all(large)).toEqual([1_500, 1_501, 1_502]);
  });

  it('refuses the appends of a group that failed, and tries with the next', async () => {
    const store = new PatientStore();
    const queue = new AppendQueue(store.send, MIB);
    const failed = [queue.append([report()]), queue.append([report()])];
    await store.groupsAre(1);
    store.groups[0]?.fail(new UnavailableError('the disk'));
    for (const append of failed) await expect(append).rejects.toThrow('the disk');
    const next = queue.append([report()]);
    await store.groupsAre(2);
    store.groups[1]?.answer(0);
    expect(await next).toBe(0);
    expect(queue.isFull()).toBe(false);
  });

  it('is full with what is not durable, and drained when half of it is', async () => {
    const store = new PatientStore();
    const queue = new AppendQueue(store.send, 1_000);
    const taken = queue.append([report('x'.repeat(2_000))]);
    expect(queue.isFull()).toBe(true);
    await expect(queue.append([report()])).rejects.toThrow(UnavailableError);
    const drained = queue.drained();
    await store.groupsAre(1);
    store.groups[0]?.answer(0);
    await taken;
    await drained;
    expect(queue.isFull()).toBe(false);
  });

  it('is empty when everything was answered, and refuses from its close on', async () => {
    const store = new PatientStore();
    const queue = new AppendQueue(store.send, MIB);
    const taken = queue.append([report()]);
    queue.close(new UnavailableError('closing'));
    await expect(queue.append([report()])).rejects.toThrow('closing');
    const empty = queue.empty();
    await store.groupsAre(1);
    store.groups[0]?.answer(5);
    await empty;
    expect(await taken).toBe(5);
  });
});
