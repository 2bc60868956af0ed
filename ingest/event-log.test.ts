import { expect, it } from 'vitest';
import { createQuietWarn } from './event-log.ts';

it('writes a warning once in ten seconds, with the number left out', () => {
  let now = 0;
  const written: unknown[] = [];
  const warn = (fields: object, event: string): void => void written.push([event, fields]);
  const quiet = createQuietWarn({ info: warn, warn, error: warn }, () => now);
  for (let n = 0; n < 5; n += 1) quiet({ n }, 'a');
  quiet({}, 'b');
  now = 10_000;
  quiet({ n: 9 }, 'a');
  expect(written).toEqual([
    ['a', { n: 0 }],
    ['b', {}],
    ['a', { n: 9, leftOut: 4 }],
  ]);
});
