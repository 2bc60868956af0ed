import { describe, expect, it } from 'vitest';
import { measuredTable, withPart } from './benchmarks-page.ts';

const PAGE = '# Page\n\n<!-- one -->\n\nold\n\n<!-- /one -->\n\nBy hand.\n\n<!-- two -->\n\nother\n\n<!-- /two -->\n';

describe('the page of benchmarks', () => {
  it('has one part replaced and keeps the others, again and again', () => {
    const once = withPart(PAGE, 'one', 'new');
    expect(once).toBe(PAGE.replace('old', 'new'));
    expect(withPart(once, 'one', 'new')).toBe(once);
    expect(withPart(once, 'two', 'later')).toBe(PAGE.replace('old', 'new').replace('other', 'later'));
  });

  it('has to have the part', () => {
    expect(() => withPart(PAGE, 'three', 'new')).toThrow(/no place for three/);
    expect(() => withPart('<!-- /one --><!-- one -->', 'one', 'new')).toThrow(/no place for one/);
  });

  it('says by which command a table was made', () => {
    const text = measuredTable('npm run x', [{ what: 'lag', figure: '1 s', goal: '' }]);
    expect(text).toMatch(/^Measured with `npm run x` on \d{4}-\d\d-\d\d: .+ Node [\d.]+, \w+\.\n\n\| what/);
    expect(text.endsWith('\n| lag | 1 s |  |')).toBe(true);
  });
});
