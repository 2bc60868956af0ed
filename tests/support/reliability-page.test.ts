import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withResult } from './reliability-page.ts';

const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');

it.each(['kill -9 while devices send', 'flipped bits'])(
  'has a row for %s, which is replaced and nothing else',
  (what) => {
    const changed = withResult(page, what, ['`c`', '1', 'good', 'here', 'today']);
    const before = page.split('\n');
    const differing = changed.split('\n').filter((line, i) => line !== before[i]);
    expect(differing).toEqual([`| ${what} | \`c\` | 1 | good | here | today |`]);
    expect(() => withResult(page, 'nothing of the kind', [])).toThrow(/no row/);
  },
);
