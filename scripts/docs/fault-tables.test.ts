import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../simulators/faults/index.ts';
import { LOOK_ALIKE_KINDS } from '../../simulators/look-alikes/index.ts';
import { faultTables, formatLength, withTable } from './fault-tables.ts';

describe('the tables of faults', () => {
  it('name every fault and look-alike once, and keep what is written by hand', async () => {
    const page = (await faultTables.generate()).get('docs/reference/scenarios.md') ?? '';
    for (const { id } of [...FAULT_KINDS, ...LOOK_ALIKE_KINDS]) expect(page.split(`\n| \`${id}\` |`)).toHaveLength(2);
    expect(page).toContain('## Types of plant');
  });

  it('replace what stood there', () => {
    expect(withTable('a <!-- x -->old<!-- /x --> b', 'x', 'new')).toBe('a <!-- x -->\n\nnew\n\n<!-- /x --> b');
    expect(() => withTable('a', 'x', 'new')).toThrow(/no place for x/);
  });

  it('say lengths as people do', () => {
    expect([13, 60, 120, 1_440, 2_880, 10_080].map(formatLength)).toEqual([
      '13 min',
      '60 min',
      '2 h',
      '24 h',
      '2 d',
      '7 d',
    ]);
  });
});
