import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingId } from './finding-id.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/);
const maybe = fc.option(name, { nil: undefined });
const key = fc.record({
  rule: fc.constantFrom('limit.hour', 'treatment.off'),
  site: name,
  subject: fc.record({ outlet: maybe, line: maybe, device: maybe, signal: maybe, order: maybe }),
  startAt: fc.integer({ min: 0, max: 4e12 }),
  discriminator: maybe,
});

function idOf({
  rule,
  site,
  subject,
  startAt,
  discriminator,
}: typeof key extends fc.Arbitrary<infer T> ? T : never): string {
  const kept = Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== undefined));
  return findingId(rule, site, kept, discriminator === undefined ? { startAt } : { startAt, discriminator });
}

describe('the name of a finding', () => {
  it('is stable: names are for ever', () => {
    const id = findingId(
      'treatment.off',
      'demo-cement',
      { line: 'kiln-1', device: 'm-bag' },
      { startAt: 1_795_305_600_000 },
    );
    expect(id).toMatchInlineSnapshot(`"f-0bq1tkaw36z20jij0zs1yj"`);
  });

  it('is the same for the same rule, subject and start, and another for any other', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(idOf(a)).toMatch(/^f-[0-9a-z]{22}$/);
        expect(idOf(a) === idOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('does not confuse one field with another', () => {
    const at = { startAt: 0 };
    const ids = [
      findingId('r', 's', { outlet: 'a' }, at),
      findingId('r', 's', { line: 'a' }, at),
      findingId('r', 's', { device: 'a' }, at),
      findingId('r', 's', { device: 'a', signal: 'b' }, at),
      findingId('r', 's', { device: 'ab' }, at),
      findingId('r', 'sa', {}, at),
      findingId('r', 's', {}, { startAt: 0, discriminator: 'a' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
