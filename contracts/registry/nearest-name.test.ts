import { describe, expect, it } from 'vitest';
import { editDistance, nearestName, suggestName } from './nearest-name.ts';

describe('editDistance', () => {
  it.each([
    ['limits', 'limits', 0],
    ['limtis', 'limits', 1],
    ['limit', 'limits', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s to %s is %i', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
    expect(editDistance(right, left)).toBe(distance);
  });
});

describe('nearestName', () => {
  const keys = ['o2Reference', 'limits', 'resolution', 'on'];

  it.each([
    ['o2_reference', 'o2Reference'],
    ['limist', 'limits'],
    ['On', 'on'],
    ['colour', undefined],
    ['x', undefined],
    ['', undefined],
    ['l'.repeat(100), undefined],
  ])('of %j is %j', (name, near) => {
    expect(nearestName(name, keys)).toBe(near);
  });
});

describe('suggestName', () => {
  it('names the near one, else all of a short list, else nothing', () => {
    expect(suggestName('limit', ['limits'], 'Remove it.')).toBe('Did you mean `limits`?');
    expect(suggestName('colour', ['id', 'name'], 'Remove it.')).toBe('Remove it. Known here: id, name.');
    expect(suggestName('colour', [], 'Remove it.')).toBe('Remove it.');
  });
});
