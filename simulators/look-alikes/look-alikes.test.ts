import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../contracts/rule-ids.ts';
import { differences, HOUR_MS, play, readPlay } from '../../tests/support/scenario-differences.ts';
import type { SentReport } from '../report-stream.ts';
import { scenarioTruth } from '../truth.ts';
import { LOOK_ALIKE_KINDS } from './index.ts';
import { LOOK_ALIKE_CASES, type LookAlikeCase } from './look-alike.cases.ts';
import { TRAP_IDS } from './traps.ts';

const startAt = Date.parse('2026-11-22T15:00:00+08:00');
const pristine = new Map<string, ReadonlyMap<string, SentReport>>();
/** Most cases are laid into the same plant at the same time. */
function playPristine(plan: Parameters<typeof play>[0]): ReadonlyMap<string, SentReport> {
  const key = JSON.stringify(plan);
  const played = pristine.get(key) ?? play(plan);
  pristine.set(key, played);
  return played;
}
const entry = (id: string, { settings }: LookAlikeCase, when: string): string =>
  `lookAlikes: [{ lookAlike: ${id}, ${when}${settings === '' ? '' : `, ${settings}`} }]`;

describe('the look-alikes', () => {
  it('are sorted, and each has a case and a file of its name', () => {
    const ids = LOOK_ALIKE_KINDS.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(Object.keys(LOOK_ALIKE_CASES));
    expect(ids.filter((id) => !existsSync(join(import.meta.dirname, `${id}.ts`)))).toEqual([]);
  });

  it('are one for every trap', () => {
    expect(LOOK_ALIKE_KINDS.map(({ trap }) => trap).toSorted()).toEqual([...TRAP_IDS].toSorted());
  });

  it('name rules that there are', () => {
    const named = LOOK_ALIKE_KINDS.flatMap(({ resembles, also = [] }) => [resembles, ...also]);
    expect(named.filter((rule) => !RULE_IDS.includes(rule))).toEqual([]);
    expect(LOOK_ALIKE_KINDS.filter(({ resembles, also = [] }) => also.includes(resembles))).toEqual([]);
  });

  it.each(Object.entries(LOOK_ALIKE_CASES))('%s changes what is said, and nothing before it', (id, testCase) => {
    const { site = [], type, fromHours = -3 } = testCase;
    const from = `from: -PT${String(-fromHours)}H, to: -PT${String(-fromHours - 2)}H`;
    const when = { type, fromHours: fromHours - 1, toHours: fromHours + 3 };
    const found = differences(
      playPristine({ ...when, site }),
      play({ ...when, site: [...site, entry(id, testCase, from)] }),
    );
    expect(found.length).toBeGreaterThan(0);
    // Fans are on before a line starts; a shut-down begins before the line stands.
    const earliest = startAt + (fromHours - 0.5) * HOUR_MS;
    expect(found.filter(({ at }) => at < earliest)).toEqual([]);
  });

  it.each(Object.entries(LOOK_ALIKE_CASES))('%s is in the truth as benign', (id, testCase) => {
    const kind = LOOK_ALIKE_KINDS.find((candidate) => candidate.id === id);
    const site = [...(testCase.site ?? []), entry(id, testCase, 'from: -PT7H')];
    const lines = scenarioTruth(readPlay({ ...testCase, site }), startAt - 8 * HOUR_MS, startAt + 90 * 24 * HOUR_MS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ benign: true, rule: kind?.resembles, site: 'plant-a', fault: id });
    const minutes = kind?.defaults.minutes ?? Number.NaN;
    expect(Date.parse(lines[0]?.end ?? '')).toBe(startAt - 7 * HOUR_MS + minutes * 60_000);
  });
});
