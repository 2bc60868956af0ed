import { describe, expect, it } from 'vitest';
import { missedRecords } from './missed-records.ts';

const at = (from: number, next: number): { from: number; next: () => number } => ({ from, next: () => next });

describe('what retention took before a detector', () => {
  it('is nothing where the log is kept from where it reads on', () => {
    expect(missedRecords(3, at(100, 120), 0)).toBeUndefined();
    expect(missedRecords(3, at(100, 120), 100)).toBeUndefined();
  });

  it('is what it has to read again and cannot', () => {
    expect(missedRecords(3, at(100, 120), 110)).toEqual({
      partition: 3,
      from: 100,
      to: 110,
      neverRead: 0,
      notSaved: 10,
    });
  });

  it('is what it never read, beside that', () => {
    expect(missedRecords(3, at(100, 120), 150)).toMatchObject({ from: 100, to: 150, neverRead: 30, notSaved: 20 });
    expect(missedRecords(0, at(0, 0), 7)).toMatchObject({ from: 0, to: 7, neverRead: 7, notSaved: 0 });
  });
});
