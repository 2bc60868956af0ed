import { describe, expect, it } from 'vitest';
import { RULES, ruleById } from './index.ts';
import { toRuleEntry } from './rule.ts';

describe('a rule as it is listed', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))('%s is plain data that survives JSON', (_id, rule) => {
    const entry = toRuleEntry(rule);
    expect(JSON.parse(JSON.stringify(entry))).toEqual(entry);
    expect(entry.id).toBe(rule.id);
    expect(ruleById(rule.id)).toBe(rule);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))('%s has defaults within their range', (_id, rule) => {
    for (const { name, default: value, minimum, maximum } of rule.parameters) {
      expect([name, value >= minimum && value <= maximum]).toEqual([name, true]);
    }
  });

  it('is sorted by id, and its category begins its id', () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    const prefixes = RULES.map(
      ({ id, category }) => (category === 'exceedance' ? 'limit' : category) === id.split('.')[0],
    );
    expect(prefixes.every(Boolean)).toBe(true);
  });
});
