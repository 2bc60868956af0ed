/** A meter as it reports, through the whole detector: register and power, marks, several kinds at once. */
import { describe, expect, it } from 'vitest';
import { declaredMark, deviceReports, type TestReport } from '../../tests/support/device-reports.ts';
import { driveEngine } from '../../tests/support/drive-engine.ts';
import { spansOf, wordProblems } from '../../tests/support/finding-spans.ts';
import { moment, rfc3339 } from '../../tests/support/local-moment.ts';
import { plantRegistry } from '../../tests/support/plant-registry.ts';
import { findingsOf, replayReports, toRecords } from '../../tests/support/replay-reports.ts';

const RULE = 'falsification.meter';
const MINUTE = 60_000;
const REGISTRY = plantRegistry({ line: { production: [{ device: 'm-mill', rated: 400, on: 80 }] } });

interface Course {
  readonly hours: number;
  /** kW told and kW counted, by minute. */
  readonly told: (minute: number) => number;
  readonly counted: (minute: number) => number;
  /** kWh by which the register is set another way at a minute. */
  readonly set?: Readonly<Record<number, number>>;
  readonly period?: 'PT15M';
}

/** Instants each minute from 08:00 on, or quarters of an hour with the register at their end. */
function mill({ hours, told, counted, set = {}, period }: Course): TestReport[] {
  const reports: TestReport[] = [];
  let kWh = 23_456.7;
  let quarter = 0;
  for (let minute = 0; minute <= hours * 60; minute += 1) {
    const ts = rfc3339(moment('08:00') + minute * MINUTE);
    kWh += set[minute] ?? 0;
    const energy = Number(kWh.toFixed(2));
    if (period === undefined) reports.push(reportOf({ ts, values: { power: told(minute), energy } }));
    else if (minute > 0 && minute % 15 === 0) {
      const start = rfc3339(moment('08:00') + (minute - 15) * MINUTE);
      reports.push(reportOf({ ts: start, period, values: { power: quarter / 15, energy } }));
      quarter = 0;
    }
    quarter += told(minute);
    kWh += counted(minute) / 60;
  }
  return reports;
}

function reportOf(report: TestReport['report']): TestReport {
  return { site: 'plant', device: 'm-mill', report };
}

const steady = (kW: number) => (): number => kW;
const from = (at: number, before: number, after: number) => (minute: number) => (minute < at ? before : after);

const maintenance = (begin: string, until: string): TestReport =>
  declaredMark({ device: 'm-mill', state: 'maintenance', from: begin, until });

describe(RULE, () => {
  it('minutes that agree, quarters that agree', () => {
    const course = { hours: 6, told: steady(300), counted: steady(300) };
    expect(spansOf(replayReports(REGISTRY, mill(course)), RULE)).toEqual([]);
    expect(spansOf(replayReports(REGISTRY, mill({ ...course, period: 'PT15M' })), RULE)).toEqual([]);
  });

  it('power told as seven tenths: found after two hours, closed by the first that agrees', () => {
    const told = (minute: number): number => (minute >= 120 && minute < 300 ? 210 : 300);
    const result = replayReports(REGISTRY, mill({ hours: 8, told, counted: steady(300) }));
    expect(spansOf(result, RULE)).toEqual(['line-1 m-mill energy [10:00, 13:00) seen 12:00 closed']);
    const [finding] = findingsOf(result, RULE);
    expect(finding?.severity).toBe('high');
    expect(finding?.evidence).toMatchObject({ kind: 'register', form: 'mismatch', hours: 3, neededHours: 2 });
    expect(Number(finding?.evidence['seenShare'])).toBeCloseTo(0.7, 2);
    expect(finding === undefined ? ['nothing'] : wordProblems(finding, ['10:00', '3', '900 kWh', '69.92'])).toEqual([]);
  });

  it('means of quarters', () => {
    const told = from(120, 300, 210);
    const result = replayReports(REGISTRY, mill({ hours: 6, told, counted: steady(300), period: 'PT15M' }));
    expect(spansOf(result, RULE)).toEqual(['line-1 m-mill energy [10:00, …) seen 12:00 open']);
  });

  it('a register set back, unless an exchange is declared', () => {
    const course = { hours: 4, told: steady(300), counted: steady(300), set: { 125: -20_000 } };
    expect(spansOf(replayReports(REGISTRY, mill(course)), RULE)).toEqual([
      'line-1 m-mill energy [10:05, 10:06) seen 10:06 closed',
    ]);
    const declared = [...mill(course), maintenance('09:55', '10:10')];
    expect(spansOf(replayReports(REGISTRY, declared), RULE)).toEqual([]);
    const long = [...mill(course), maintenance('08:30', '08:50')];
    expect(spansOf(replayReports(REGISTRY, long), RULE)).toHaveLength(1);
  });

  it('an hour of silence while the register goes on is not judged', () => {
    const reports = mill({ hours: 6, told: steady(300), counted: steady(300) });
    const heard = reports.filter((_, minute) => minute < 130 || minute > 190);
    expect(spansOf(replayReports(REGISTRY, heard), RULE)).toEqual([]);
  });

  it('flagged power is no power', () => {
    const flagged = mill({ hours: 5, told: steady(100), counted: steady(300) }).map((entry) => ({
      ...entry,
      report: { ...entry.report, flags: { power: 'D' as const } },
    }));
    expect(spansOf(replayReports(REGISTRY, flagged), RULE)).toEqual([]);
  });

  it('power and register in messages of their own', () => {
    const both = mill({ hours: 5, told: from(120, 300, 210), counted: steady(300) });
    const apart = both.flatMap(({ report }) =>
      ['power', 'energy'].map((signal) =>
        reportOf({ ts: report.ts, values: { [signal]: report.values[signal] ?? 0 } }),
      ),
    );
    expect(spansOf(replayReports(REGISTRY, apart), RULE)).toEqual(['line-1 m-mill energy [10:00, …) seen 12:00 open']);
  });

  it('comes out the same when it arrives late, and when the detector is restarted', () => {
    const reports = mill({ hours: 5, told: from(120, 300, 210), counted: steady(300), set: { 30: -500 } });
    const plain = spansOf(replayReports(REGISTRY, reports), RULE);
    const disordered = reports.map((entry, minute) =>
      minute % 7 === 3 ? { ...entry, received: moment('08:00') + (minute + 25) * MINUTE } : entry,
    );
    expect(plain).toHaveLength(2);
    const standing = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.replace(/ seen \S+/, ''));
    expect(standing(spansOf(replayReports(REGISTRY, disordered), RULE))).toEqual(standing(plain));
    const engine = driveEngine();
    toRecords(REGISTRY, reports).forEach((record, index) => {
      engine.take(record);
      if (index % 29 === 28) engine.restart('plant');
    });
    const starts = engine.finish().flatMap(({ entry }) => (entry.draft.rule.id === RULE ? [entry.draft.startAt] : []));
    expect(starts.map((at) => rfc3339(at)).sort()).toEqual([rfc3339('08:30'), rfc3339('10:00')]);
  });

  it('a meter without register or phases is left alone', () => {
    const reports = deviceReports({ device: 'm-mill', from: '08:00' }, { power: '300x200' });
    expect(spansOf(replayReports(REGISTRY, reports), RULE)).toEqual([]);
  });
});
