import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../contracts/errors.ts';
import { beginOf, expectLast, type FollowerPlace } from './follower-place.ts';

const value = Buffer.from('last');
const at = (next: number, more: Partial<FollowerPlace> = {}): FollowerPlace => ({
  topic: 'outcomes',
  partition: 3,
  next,
  lastSum: crc32(value),
  ...more,
});

describe('where a partition is gone on from', () => {
  it('is the beginning of what is kept where nothing was taken', () => {
    expect(beginOf(at(0), { lowOffset: 0, highOffset: 0 })).toEqual({ offset: 0, looksAtLast: false });
    expect(beginOf(at(0), { lowOffset: 70, highOffset: 90 })).toEqual({ offset: 70, looksAtLast: false });
  });

  it('is the last message that was taken, to look whether it is still the same', () => {
    expect(beginOf(at(8), { lowOffset: 7, highOffset: 8 })).toEqual({ offset: 7, looksAtLast: true });
    expect(() => {
      expectLast(at(8), { offset: 7, value });
    }).not.toThrow();
    for (const message of [
      { offset: 7, value: Buffer.from('other') },
      { offset: 8, value },
    ])
      expect(() => {
        expectLast(at(8), message);
      }).toThrow(/partition 3 of topic outcomes is not the one that was copied up to 8.*remove the folder/);
  });

  it('is the next one where retention has just removed the last', () => {
    expect(beginOf(at(8), { lowOffset: 8, highOffset: 12 })).toEqual({ offset: 8, looksAtLast: false });
  });

  it('is nowhere where the topic ends before it, or something between is gone', () => {
    expect(() => beginOf(at(8), { lowOffset: 0, highOffset: 7 })).toThrow(ConfigError);
    expect(() => beginOf(at(8), { lowOffset: 0, highOffset: 7 })).toThrow(/it ends at 7. It was made anew/);
    expect(() => beginOf(at(8), { lowOffset: 9, highOffset: 12 })).toThrow(/begins at 9.*no longer kept/);
  });

  it('passes over what may be missed, and tells what that is', () => {
    expect(beginOf(at(8, { mayMiss: true }), { lowOffset: 11, highOffset: 12 })).toEqual({
      offset: 11,
      looksAtLast: false,
      missed: { topic: 'outcomes', partition: 3, from: 8, to: 11 },
    });
  });
});
