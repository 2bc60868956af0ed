/** Real measurements through `stackwarden replay`, against a recount in a few lines that shares nothing with the product. */
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import {
  joinPeriods,
  parseLines,
  localText,
  readFindings,
  readReports,
  registryOf,
  reportsOf,
  type PracticeSet,
} from './practice-reports.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const { folder, remove } = temporaryFolder();

async function replay(set: PracticeSet): Promise<readonly Finding[]> {
  const [out, means] = [join(folder, `${set}.ndjson`), join(folder, `${set}.means`)];
  const outcome = await runCommand([
    'replay',
    '--registry',
    registryOf(set),
    '--reports',
    reportsOf(set),
    '--findings',
    out,
    '--means',
    means,
  ]);
  expect(outcome).toMatchObject({ code: 0, stdout: '' });
  return readFindings(out);
}

const spanOf = ({ start, end }: Finding): readonly [string, string | null] => [start, end];

beforeAll(commandBuilt, 300_000);
afterAll(remove);

describe('the gas turbine', () => {
  let findings: readonly Finding[] = [];
  const reports = readReports('turbine');
  beforeAll(async () => {
    findings = await replay('turbine');
  }, 120_000);

  it('exceeds its limit in 173 hours, which are 97 findings', () => {
    const over = reports.flatMap(({ ts, values }) => ((values['nox'] ?? 0) > 110 ? [Date.parse(ts)] : []));
    const stretches = joinPeriods(over, HOUR_MS, 1);
    expect([over.length, stretches.length]).toEqual([173, 97]);
    const found = findings.filter(({ rule }) => rule === 'limit.hour');
    expect(found.map(spanOf).sort()).toEqual(stretches.map(({ start, end }) => [localText(start), localText(end)]));
    const hours = found.map(({ evidence }) => (evidence['hours'] as { start: string }[]).map(({ start }) => start));
    expect(hours.sort()).toEqual(stretches.map(({ parts }) => parts.map(localText)));
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['closed']));
  });

  it('shows the measured mean and the limit of every exceeding hour', () => {
    const nox = new Map(
      reports.flatMap(({ ts, values: { nox: value } }) => (value === undefined ? [] : [[ts, value]])),
    );
    const shown = findings
      .filter(({ rule }) => rule === 'limit.hour')
      .flatMap(({ evidence }) => evidence['hours'] as { start: string; mean: number }[]);
    expect(shown.map(({ mean }) => mean)).toEqual(shown.map(({ start }) => nox.get(start)));
  });

  it('has the mean of every hour, the first one included, as it was measured', () => {
    const means = parseLines<Mean>(readFileSync(join(folder, 'turbine.means'), 'utf8'));
    const hours = means.filter(({ signal, average }) => signal === 'nox' && average === 'PT1H');
    const measured = reports.flatMap(({ ts, values: { nox: value } }) =>
      value === undefined ? [] : [`${ts} ${value}`],
    );
    // The last hour is over only when something is heard from after it.
    expect(hours.map(({ start, mean }) => `${start} ${mean ?? 'unknown'}`)).toEqual(measured.slice(0, hours.length));
    expect(measured.length - hours.length).toBeLessThanOrEqual(1);
  });

  it('repeats nitrogen oxides of 60.38 for 102 hours', () => {
    const rows = reports.filter(({ values }) => values['nox'] !== undefined);
    const frozen = rows.slice(1_336, 1_438);
    expect(new Set(frozen.map(({ values }) => values['nox']))).toEqual(new Set([60.38]));
    const begin = Date.parse(frozen[0]?.ts ?? '');
    const found = findings.filter(
      ({ rule, evidence }) => rule === 'falsification.frozen' && evidence['value'] === 60.38,
    );
    expect(found.map(spanOf)).toEqual([[localText(begin), localText(begin + 102 * HOUR_MS)]]);
    expect(found[0]?.evidence).toMatchObject({ signal: 'nox', minutes: 102 * 60 });
  });

  it('comes near its limit in the hours between nine tenths of it and all of it', () => {
    const near = reports.flatMap(({ ts, values: { nox = 0 } }) =>
      nox >= 0.9 * 110 && nox <= 110 ? [Date.parse(ts)] : [],
    );
    const stretches = joinPeriods(near, HOUR_MS, 1);
    expect(stretches.length).toBeGreaterThan(100);
    const found = findings.filter(({ rule }) => rule === 'limit.near');
    expect(found.map(spanOf).sort()).toEqual(stretches.map(({ start, end }) => [localText(start), localText(end)]));
    expect(found.filter(({ severity }) => severity !== 'info' && severity !== 'low')).toEqual([]);
  });

  it('gives no other finding, whatever the rule: nothing else is known to be wrong with it', () => {
    const known = ['limit.hour', 'limit.near'];
    const others = findings.filter(({ rule, evidence }) => !known.includes(rule) && evidence['value'] !== 60.38);
    expect(others.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});

describe('the steel works', () => {
  const ON_KW = 60;
  const order = { from: Date.parse('2018-03-13T00:00:00+08:00'), to: Date.parse('2018-03-15T00:00:00+08:00') };
  const graceMs = 120 * 60_000;
  let findings: readonly Finding[] = [];
  let shutdown: readonly Finding[] = [];
  beforeAll(async () => {
    findings = await replay('steel');
    shutdown = findings.filter(({ subject }) => subject.order === '2018-R-001');
  }, 120_000);

  /** Quarters with production in the order, grace over; less than an hour below `on` belongs to the stretch. */
  function recount(): readonly { rule: string; start: string; end: string }[] {
    const quarters = readReports('steel').map(({ ts, values }) => ({ at: Date.parse(ts), kw: values['power'] ?? 0 }));
    const inForce = quarters.filter(({ at }) => at >= order.from && at < order.to);
    const running = inForce.filter(({ at, kw }) => at >= order.from + graceMs && kw >= ON_KW).map(({ at }) => at);
    return joinPeriods(running, QUARTER_MS, HOUR_MS).map(({ start, end }) => {
      // Four quarters below `on` side by side anywhere before it in the order make it a restart.
      const below = inForce.filter(({ at, kw }) => at < start && kw < ON_KW).map(({ at }) => at);
      const isRestart = joinPeriods(below, QUARTER_MS, 1).some(({ parts }) => parts.length >= 4);
      return {
        rule: isRestart ? 'order.early-restart' : 'order.shutdown',
        start: localText(start),
        end: localText(end),
      };
    });
  }

  it('runs against its shutdown order in the stretches that the quarters show', () => {
    const expected = recount();
    expect(expected).toHaveLength(3);
    expect(shutdown.map(({ rule, start, end }) => ({ rule, start, end }))).toEqual(expected);
    expect(shutdown.map(({ subject }) => subject)).toEqual(
      expected.map(() => ({ order: '2018-R-001', line: 'mill-1' })),
    );
  });

  it('misses its order to reduce, and that is all', () => {
    const others = findings.filter((finding) => !shutdown.includes(finding));
    expect(others.map(({ rule, subject, severity }) => ({ rule, subject, severity }))).toEqual([
      { rule: 'order.limit', subject: { order: '2018-R-002', line: 'mill-1' }, severity: 'high' },
    ]);
  });

  it('shows the energy of each stretch as the meter has it', () => {
    const quarters = readReports('steel');
    for (const { start, end, evidence } of shutdown) {
      const inside = quarters.filter(
        ({ ts, values }) => ts >= start && ts < (end ?? '') && (values['power'] ?? 0) >= ON_KW,
      );
      expect(evidence['minutes']).toBe(inside.length * 15);
      expect(evidence['kWh']).toBeCloseTo(
        inside.reduce((sum, { values }) => sum + (values['power'] ?? 0) / 4, 0),
        6,
      );
    }
  });
});
