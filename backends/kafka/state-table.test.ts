import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { OutgoingMessage } from './durable-producer.ts';
import { StateAssembly, type StateChange, type StateTable } from './state-table.ts';
import { ValueFile } from './value-file.ts';

const files: ValueFile[] = [];
afterEach(() => {
  for (const file of files.splice(0)) file.close();
});

function valueFile(): ValueFile {
  const file = new ValueFile();
  files.push(file);
  return file;
}

const PLACE = { topic: 'state', partition: 3 };
const change: fc.Arbitrary<StateChange> = fc.record({
  key: fc.constantFrom('site/a', 'site/b', 'base/a/1/2', 'base/b/1/2', 'next', 'shared'),
  value: fc.option(fc.string({ unit: 'binary', maxLength: 40 }), { nil: null }),
});
const commits = fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 8 });

/** Messages as a consumer sees them. */
function read(messages: readonly OutgoingMessage[]): ReturnType<StateAssembly['result']> {
  const assembly = new StateAssembly(valueFile());
  for (const { key, value } of messages) assembly.take({ key, value });
  return assembly.result();
}

function contents(table: StateTable): Record<string, string | undefined> {
  const names = [...table.keys(''), 'next', 'shared'];
  return Object.fromEntries(names.map((key) => [key, table.get(key)]));
}

/** The newest message of each key, at its place: what is left when a topic was compacted. */
function compacted(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
  const last = new Map(messages.map(({ key }, at) => [key, at]));
  return messages.filter(({ key }, at) => last.get(key) === at);
}

function write(table: StateTable, epoch: number, all: readonly (readonly StateChange[])[]): OutgoingMessage[] {
  return all.flatMap((changes) => {
    const messages = table.messages(PLACE, epoch, changes);
    table.apply(changes);
    return [...messages];
  });
}

describe('the state of a partition', () => {
  it('is read as it was committed, compacted or not', () => {
    fc.assert(
      fc.property(commits, (all) => {
        const { table } = read([]);
        const messages = write(table, 0, all);
        expect(contents(read(messages).table)).toEqual(contents(table));
        expect(contents(read(compacted(messages)).table)).toEqual(contents(table));
      }),
      { numRuns: 200 },
    );
  });

  it('does not count what its owner did not seal', () => {
    fc.assert(
      fc.property(commits, fc.array(change, { minLength: 1 }), (all, more) => {
        const { table } = read([]);
        const messages = write(table, 0, all);
        const unsealed = table.messages(PLACE, 0, more).slice(0, -1);
        expect(contents(read([...messages, ...unsealed]).table)).toEqual(contents(table));
      }),
    );
  });

  it('of an owner that hung and writes after the next one began is not seen, compacted or not', () => {
    fc.assert(
      fc.property(commits, commits, commits, (first, second, late) => {
        const old = read([]).table;
        const before = [...old.allMessages(PLACE, 4), ...write(old, 4, first)];
        const taken = read(before);
        const begun = taken.table.allMessages(PLACE, taken.epoch + 1);
        const after = write(taken.table, taken.epoch + 1, second);
        const zombie = write(old, 4, late);
        const messages = [...before, ...begun, ...zombie, ...after];
        expect(contents(read(messages).table)).toEqual(contents(taken.table));
        expect(contents(read(compacted(messages)).table)).toEqual(contents(taken.table));
        expect(read([...messages, ...zombie]).epoch).toBe(taken.epoch + 1);
      }),
    );
  });

  it('keeps to the epoch before until the next one is whole', () => {
    const { table } = read([]);
    const before = write(table, 0, [
      [
        { key: 'site/a', value: 'x' },
        { key: 'next', value: '7' },
      ],
    ]);
    const begun = table.allMessages(PLACE, 1).slice(0, -1);
    expect(contents(read([...before, ...begun]).table)).toMatchObject({ 'site/a': 'x', next: '7' });
  });

  it('names what an owner has to delete of epochs before', () => {
    const { table } = read([]);
    const before = write(table, 0, [
      [
        { key: 'site/a', value: 'x' },
        { key: 'next', value: '7' },
      ],
    ]);
    const begun = table.allMessages(PLACE, 1);
    expect(read([...before, ...begun]).stale.toSorted()).toEqual(['0:head', '0:site/a']);
    const deleted = ['0:head', '0:site/a'].map((key): OutgoingMessage => ({ ...PLACE, key, value: null }));
    expect(read([...before, ...begun, ...deleted]).stale).toEqual([]);
  });

  it('of a later version is refused with what to do', () => {
    const later = { ...PLACE, key: '0:head', value: Buffer.from('{"v":2,"entries":{}}') };
    expect(() => read([later])).toThrow(UnavailableError);
    expect(() => read([later])).toThrow('format 2, known up to 1): update this process');
  });
});
