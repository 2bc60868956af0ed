import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { FROM, PAGE_QUERY, several } from '../shapes.ts';
import { createBodyCheck, createQueryReader } from './check.ts';
import { Problem } from './problem.ts';

const read = createQueryReader(
  Type.Object({
    ...PAGE_QUERY,
    from: Type.Optional(FROM),
    state: several(Type.Enum(['open', 'closed']), 'states'),
    q: Type.Optional(Type.String()),
  }),
);

function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a query', () => {
  it('has its numbers read', () => {
    expect(read({ limit: '25' })).toEqual({ limit: 25 });
  });
  it('takes lists repeated, comma separated, or both', () => {
    expect(read({ state: 'open,closed' })).toEqual({ state: ['open', 'closed'] });
    expect(read({ state: ['open', 'closed'] })).toEqual({ state: ['open', 'closed'] });
    expect(read({ state: ['open, closed', 'open'] })).toEqual({ state: ['open', 'closed', 'open'] });
  });
  it('takes a space for the + of an offset, which it was', () => {
    const from = '2026-11-22T08:00:00+08:00';
    expect(read({ from })).toEqual({ from });
    expect(read({ from: from.replace('+', ' ') })).toEqual({ from });
    expect(read({ from: '2026-11-22T00:00:00Z' })).toEqual({ from: '2026-11-22T00:00:00Z' });
  });

  it.each([
    [{ from: '2026-11-22T08:00:00' }, 'from is "2026-11-22T08:00:00", expected RFC 3339 with offset'],
    [{ from: '2026-11-22' }, 'expected RFC 3339 with offset'],
    [{ from: '2026-02-30T08:00:00+08:00' }, 'expected RFC 3339 with offset'],
    [{ from: '1763769600' }, 'expected RFC 3339 with offset'],
    [{ limit: '0' }, 'limit must be >= 1'],
    [{ limit: '1001' }, 'limit must be <= 1000'],
    [{ limit: 'many' }, 'limit must be integer'],
    [{ limit: '1e3' }, 'limit must be integer'],
    [{ limit: ['1', '2'] }, 'limit must be integer'],
    [{ state: 'gone' }, 'state.0 must be one of open, closed'],
    [{ state: '' }, 'state must not have fewer than 1 items'],
    [{ unknown: '1' }, 'unknown parameter unknown; known are limit, cursor, from, state, q'],
    [{ constructor: '1' }, 'unknown parameter constructor'],
  ])('%j is refused: %s', (query, text) => {
    const problem = problemOf(() => read(query));
    expect(problem.problem).toBe('query-invalid');
    expect(problem.parts.detail.en).toContain(text);
    expect(problem.parts.detail.zh).not.toBe('');
  });

  it('is told everything that is wrong with it', () => {
    const problem = problemOf(() => read({ from: 'x', other: '1', more: '2' }));
    expect(problem.parts.errors?.map(({ pointer }) => pointer)).toEqual(['from', 'other', 'more']);
  });
});

describe('a body', () => {
  const check = createBodyCheck(
    Type.Object(
      { id: Type.String({ minLength: 1 }), kind: Type.Enum(['a', 'b']), n: Type.Optional(Type.Integer()) },
      { additionalProperties: false },
    ),
  );
  it('passes as it is', () => {
    expect(check({ id: 'x', kind: 'a' })).toEqual({ id: 'x', kind: 'a' });
  });
  it('is not coerced', () => {
    expect(problemOf(() => check({ id: 'x', kind: 'a', n: '1' })).parts.errors).toMatchObject([{ pointer: '/n' }]);
  });
  it('is told everything that is wrong, in both languages', () => {
    const problem = problemOf(() => check({ kind: 'c', extra: 1 }));
    expect(problem.problem).toBe('body-invalid');
    expect(problem.parts.errors).toEqual(
      expect.arrayContaining([
        { pointer: '', detail: { zh: '未知字段: extra', en: 'unknown fields: extra' } },
        { pointer: '/kind', detail: { zh: '必须是以下之一: a, b', en: 'must be one of a, b' } },
        { pointer: '', detail: { zh: '必须具有必需属性 id', en: 'must have required properties id' } },
      ]),
    );
  });
  it('may be missing, or anything at all', () => {
    for (const body of [undefined, null, 7, [], 'x']) expect(problemOf(() => check(body)).problem).toBe('body-invalid');
  });
  it('does not make us say more than anyone reads', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, 1]));
    expect(problemOf(() => check(many)).parts.errors?.length).toBeLessThanOrEqual(50);
  });
});
