import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { HEAP_GROWTH_FLAG } from './heap-growth.ts';

it('the flag that bounds the heap is one that this Node knows: an unknown one would have no effect', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(known).toContain(`${HEAP_GROWTH_FLAG} (`);
});
