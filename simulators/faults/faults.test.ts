import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../contracts/rule-ids.ts';
import { differences, HOUR_MS, play, readPlay } from '../../tests/support/scenario-differences.ts';
import { scenarioTruth, type TruthLine } from '../truth.ts';
import { FAULT_CASES, type FaultCase } from './fault.cases.ts';
import { STRENGTHS } from './fault.ts';
import { FAULT_KINDS } from './index.ts';

const MINUTE_MS = 60_000;
const startAt = Date.parse('2026-11-22T15:00:00+08:00');

const entry = (id: string, { settings }: FaultCase, when: string): string =>
  `faults: [{ fault: ${id}, ${when}${settings === '' ? '' : `, ${settings}`} }]`;
const endOf = (line: TruthLine | undefined): number => Date.parse(line?.end ?? '');
const devicesOf = ({ touches }: FaultCase): RegExp =>
  new RegExp(
    ['cems-1', 'cam-1', 'gate-1', 'm-[a-z-]+'].filter((id) => touches.source.includes(id.slice(0, 2))).join('|'),
  );

describe('the faults', () => {
  const ids = FAULT_KINDS.map(({ id }) => id);

  it('are sorted, and each has a case', () => {
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(Object.keys(FAULT_CASES));
  });

  it('mirror the rules: each rule has the file of its name, further ways to break it begin with that name', () => {
    const mirror = (rule: string): string => rule.replace('.', '-');
    expect(RULE_IDS.filter((rule) => !ids.includes(mirror(rule)))).toEqual([]);
    expect(FAULT_KINDS.filter(({ id, rule }) => !RULE_IDS.includes(rule) || !id.startsWith(mirror(rule)))).toEqual([]);
    expect(FAULT_KINDS.flatMap(({ also = [] }) => also).filter((rule) => !RULE_IDS.includes(rule))).toEqual([]);
    expect(ids.filter((id) => !existsSync(join(import.meta.dirname, `${id}.ts`)))).toEqual([]);
  });
});

describe('every fault', () => {
  it.each(Object.entries(FAULT_CASES))('%s changes what it says, while it lasts, and nothing else', (id, testCase) => {
    const { site = [], type, fromHours = -3, lengthHours = 2 } = testCase;
    const toHours = fromHours + lengthHours;
    const when = { type, fromHours: fromHours - 2, toHours: toHours + 2 };
    const pristine = play({ ...when, site });
    const laid = entry(id, testCase, `from: -PT${String(-fromHours)}H, to: -PT${String(-toHours)}H`);
    const faulty = play({ ...when, site: [...site, laid] });
    const found = differences(pristine, faulty);
    const parts = [...new Set(found.map(({ part }) => part))];
    expect(parts.filter((part) => !testCase.touches.test(part))).toEqual([]);
    expect(parts.length).toBeGreaterThan(0);

    const earliest = startAt + fromHours * HOUR_MS - 11 * MINUTE_MS;
    const latest = startAt + toHours * HOUR_MS + 3 * MINUTE_MS;
    const mayLast = (part: string): boolean => part.endsWith('.again') || testCase.lasting?.test(part) === true;
    expect(found.filter(({ part, at }) => at < earliest || (at > latest && !mayLast(part)))).toEqual([]);
  });

  it.each(Object.entries(FAULT_CASES))('%s is another thing at each strength', (id, testCase) => {
    const played = ['', ...STRENGTHS].map((strength) => {
      const own = strength === '' ? [] : [entry(id, testCase, `strength: ${strength}, from: hour-PT7H`)];
      const site = [...(testCase.site ?? []), ...own];
      const toHours = (testCase.playedHours ?? 5.5) - 7;
      const sent = play({ type: testCase.type, site, devices: devicesOf(testCase), fromHours: -7, toHours });
      return JSON.stringify([...sent]);
    });
    expect(new Set(played).size).toBe(4);
  });

  it.each(Object.entries(FAULT_CASES))(
    '%s is in the truth with its strength, for as long as it lasts',
    (id, testCase) => {
      const kind = FAULT_KINDS.find((candidate) => candidate.id === id);
      for (const strength of STRENGTHS) {
        const scenario = readPlay({
          type: testCase.type,
          site: [...(testCase.site ?? []), entry(id, testCase, `strength: ${strength}, from: -PT7H`)],
        });
        const [line, ...rest] = scenarioTruth(scenario, startAt - 8 * HOUR_MS, startAt + 90 * 24 * HOUR_MS);
        expect(rest).toEqual([]);
        expect(line).toMatchObject({ rule: kind?.rule, site: 'plant-a', fault: id, strength });
        expect(Date.parse(line?.start ?? '')).toBe(startAt - 7 * HOUR_MS);
        const ownMs = (kind?.strengths[strength].minutes ?? Number.NaN) * MINUTE_MS;
        // What is wrong by an order ends with the order.
        const mostMs = kind?.wrongIn === undefined ? Infinity : 17 * HOUR_MS;
        expect(endOf(line)).toBe(startAt - 7 * HOUR_MS + Math.min(ownMs, mostMs));
      }
    },
  );
});

describe('values that are sent again', () => {
  it('name the instants of the first sending, are marked resent, and are lower', () => {
    const settings = 'device: cems-1, signal: nox, factor: 0.5';
    const site = [`faults: [{ fault: falsification-rewritten, ${settings}, from: -PT3H, to: -PT2H }]`];
    const sent = [...play({ type: 'gas-boiler', site, fromHours: -5, toHours: 1 }).values()];
    const again = sent.filter(({ report }) => report.resent === true);
    expect(again).toHaveLength(60);
    for (const { report, at } of again) {
      const first = sent.find((other) => other.device === 'cems-1' && other.report.ts === report.ts);
      expect(first?.report.resent).toBeUndefined();
      expect(report.values['nox']).toBeCloseTo(Number(first?.report.values['nox']) / 2, 0);
      expect(report.values['so2']).toEqual(first?.report.values['so2']);
      expect(at).toBeGreaterThan(first?.at ?? Infinity);
    }
  });

  it('were never sent before, where they were held back', () => {
    const settings = 'device: cems-1, delayMinutes: 70';
    const site = [`faults: [{ fault: falsification-backfill, ${settings}, from: -PT4H, to: -PT3H }]`];
    const plan = { type: 'gas-boiler', devices: /cems/, fromHours: -5, toHours: 1 } as const;
    const onTime = [...play({ ...plan, site: [] }).values()];
    const late = [...play({ ...plan, site }).values()];
    expect(late.map(({ report }) => report.ts).toSorted()).toEqual(onTime.map(({ report }) => report.ts).toSorted());
    const held = late.filter(({ report, at }) => at - Date.parse(report.ts) > HOUR_MS);
    expect(held).toHaveLength(60);
    expect(held.filter(({ report }) => report.resent === true)).toEqual([]);
  });
});
