import { expect, it } from 'vitest';
import { locateLines } from './locate.ts';

const TEXT = `# a comment
version: 1
sites:
  - id: a
    notes: |
      id: not this one
    outlets:
      -
        id: o
        ranges: {so2: [0, 1],
          nox: [0, 2]}
  - &b
    id: b
  - *b
  -
last: "x"
`;

it.each([
  [['version'], 2],
  [['sites', 0], 4],
  [['sites', 0, 'notes'], 5],
  [['sites', 0, 'outlets', 0, 'id'], 9],
  [['sites', 0, 'outlets', 0, 'ranges', 'nox'], 11],
  [['sites', 0, 'outlets', 0, 'ranges', 'nox', 1], 11],
  [['sites', 1, 'id'], 13],
  [['sites', 2], 14],
  [['last'], 16],
])('%j stands on line %i', (path, line) => {
  expect(locateLines(TEXT, [path])).toEqual([line]);
});

it('gives what is not there the line of what would hold it', () => {
  const missing = [['sites', 0, 'name'], ['sites', 2, 'id'], ['sites', 3, 'id'], ['sites', 9], ['nothing'], []];
  expect(locateLines(TEXT, missing)).toEqual([4, 14, 3, 3, 1, 1]);
});

it('gives line 1 for JSON that YAML refuses', () => {
  expect(locateLines('{"a": [1\u0001]}', [['a', 0]])).toEqual([1]);
});
