import { describe, expect, it } from 'vitest';
import type { Mark, WireMark } from '../order.ts';
import { createLocalTime } from '../time/local-time.ts';
import { parseInstant } from '../time/instant.ts';
import { readRegistry } from './read-registry.ts';
import { SOUND } from './registry-problems.cases.ts';
import { checkMarkReferences, resolveMark } from './resolve-mark.ts';

const time = createLocalTime('Asia/Shanghai');
const declaration = { declaredAt: 5, accepted: false, by: 'officer Li' };
const wire: WireMark = { site: 'demo-cement', state: 'fault', from: '2026-11-22T08:00:00+08:00', by: 'somebody else' };
const { registry } = readRegistry([{ name: 'city.yaml', text: SOUND }]);

function resolved(mark: WireMark): Mark {
  const result = resolveMark(mark, time, declaration);
  if (!result.ok) throw new Error(result.error.join('\n'));
  return result.value;
}

describe('resolveMark', () => {
  it('takes who declared it from the declaration, not from the mark', () => {
    expect(resolved(wire)).toEqual({
      site: 'demo-cement',
      outlet: undefined,
      line: undefined,
      device: undefined,
      state: 'fault',
      fromAt: parseInstant('2026-11-22T08:00:00+08:00'),
      toAt: Infinity,
      declaredAt: 5,
      accepted: false,
      by: 'officer Li',
      note: undefined,
    });
  });

  it('says everything that is wrong at once', () => {
    expect(resolveMark({ ...wire, from: 'now', to: 'later' }, time, declaration)).toEqual({
      ok: false,
      error: [expect.stringMatching(/^from: saw text "now"/), expect.stringMatching(/^to: saw text "later"/)],
    });
    expect(resolveMark({ ...wire, to: '2026-11-22' }, time, declaration).ok).toBe(false);
  });
});

describe('checkMarkReferences', () => {
  it.each([
    [{}, []],
    [{ outlet: 'kiln-tail', line: 'kiln-1', device: 'cems-1' }, []],
    [{ site: 'nowhere', outlet: 'kiln-tail' }, ['unknown site `nowhere`']],
    [{ outlet: 'o', line: 'l', device: 'd' }, ['unknown outlet `o`', 'unknown line `l`', 'unknown device `d`']],
  ])('of %j gives %j', (part, messages) => {
    expect(checkMarkReferences(resolved({ ...wire, ...part }), registry!).map(({ message }) => message)).toEqual(
      messages,
    );
  });
});
