import { describe, expect, it } from 'vitest';
import type { Order, WireOrder } from '../order.ts';
import { createLocalTime } from '../time/local-time.ts';
import { parseInstant } from '../time/instant.ts';
import { checkOrderReferences, findIdleOrderParts } from './check-order-references.ts';
import { readRegistry } from './read-registry.ts';
import { SOUND } from './registry-problems.cases.ts';
import { resolveOrder } from './resolve-order.ts';

const time = createLocalTime('Asia/Shanghai');
const wire: WireOrder = { id: 'o-1', kind: 'shutdown', from: '2026-11-22', scope: { sites: ['demo-cement'] } };
const { registry } = readRegistry([{ name: 'city.yaml', text: SOUND }]);

function resolved(order: WireOrder): Order {
  const result = resolveOrder(order, time);
  if (!result.ok) throw new Error(result.error.join('\n'));
  return result.value;
}

describe('resolveOrder', () => {
  it('fills in what is not written', () => {
    expect(resolved(wire)).toEqual({
      id: 'o-1',
      kind: 'shutdown',
      level: 'other',
      fromAt: parseInstant('2026-11-22T00:00:00+08:00'),
      toAt: Infinity,
      daily: undefined,
      servedAt: undefined,
      graceMs: 0,
      scope: { sites: ['demo-cement'], lines: [], industries: [], grades: [], districts: [] },
      exempt: { sites: [], lines: [], industries: [], grades: [], districts: [], guaranteed: false },
      reducePercent: undefined,
      document: undefined,
    });
  });

  it('takes hours over midnight, and midnight as an end', () => {
    expect(resolved({ ...wire, daily: ['22:00', '06:00'] }).daily).toEqual({ fromMinute: 1_320, toMinute: 360 });
    expect(resolved({ ...wire, daily: ['08:00', '24:00'] }).daily).toEqual({ fromMinute: 480, toMinute: 1_440 });
    expect(resolved({ ...wire, to: null, daily: null, servedAt: null })).toMatchObject({
      toAt: Infinity,
      daily: undefined,
    });
  });

  it('says everything that is wrong at once', () => {
    const result = resolveOrder(
      {
        ...wire,
        kind: 'limit',
        from: '22 November',
        to: '2026-13-01',
        servedAt: '2026-11-22T00:00:00',
        daily: ['24:00', '6:00'],
      },
      time,
    );
    expect(result.ok ? [] : result.error.map((text) => text.split(':')[0])).toEqual([
      'from',
      'to',
      'daily[0]',
      'daily[1]',
      'servedAt',
      'reducePercent',
    ]);
  });
});

describe('checkOrderReferences', () => {
  it('finds nothing to say about what is there, and every name that is not', () => {
    expect(checkOrderReferences(resolved(wire), registry!)).toEqual([]);
    const order = resolved({
      ...wire,
      scope: {
        sites: ['demo-cemnt'],
        lines: ['demo-cement/kiln-1', 'demo-cement/kiln-9', 'nowhere/kiln-1'],
        districts: ['xinm'],
      },
      exempt: { districts: ['elsewhere'], lines: ['odd'] },
    });
    expect(checkOrderReferences(order, registry!).map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['scope.sites.0', 'unknown site `demo-cemnt`'],
      ['scope.districts.0', 'unknown district `xinm`'],
      ['scope.lines.1', 'unknown line `demo-cement/kiln-9`'],
      ['scope.lines.2', 'unknown site `nowhere`'],
      ['exempt.districts.0', 'unknown district `elsewhere`'],
      ['exempt.lines.0', 'unknown site `odd`'],
    ]);
  });
});

describe('findIdleOrderParts', () => {
  const idle = (exempt: NonNullable<WireOrder['exempt']>, from = '2026-11-22'): readonly string[] =>
    findIdleOrderParts(resolved({ ...wire, from, exempt, scope: { lines: ['demo-cement/kiln-1'] } }), registry!).map(
      ({ message }) => message,
    );

  it.each([
    [{ sites: ['demo-cement'] }, /stands in `exempt\.sites`/],
    [{ lines: ['demo-cement/kiln-1'] }, /stands in `exempt\.lines`/],
    [{ industries: ['cement'] }, /industry cement/],
    [{ districts: ['xinmi'] }, /district xinmi/],
    [{ grades: ['A' as const] }, /grade A/],
  ])('tells that a named line is exempt by %j', (exempt, message) => {
    expect(idle(exempt)).toEqual([expect.stringMatching(message)]);
  });

  it('looks at the statuses of the time of the order only', () => {
    expect(idle({ grades: ['B'] })).toEqual([]);
    expect(idle({ grades: ['B'] }, '2024-06-01')).toHaveLength(1);
    expect(idle({ guaranteed: true })).toEqual([]);
  });
});
