import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InputError } from '../contracts/errors.ts';
import { readDemoScenario } from './read-scenario-file.ts';
import { deviceReports, reportsBetween, type SentReport } from './report-stream.ts';
import { scenarioText } from '../tests/support/scenario-text.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import { writeReports } from './write-reports.ts';

const HOUR_MS = 3_600_000;

async function digest(scenario: Scenario, fromAt: number, toAt: number): Promise<string> {
  const hash = createHash('sha256');
  await writeReports(scenario, { fromAt, toAt }, (text) => void hash.update(text));
  return hash.digest('hex');
}

describe('the reports of a scenario', () => {
  const scenario = readDemoScenario();
  const { startAt } = scenario;

  it('are the same bytes for the same seed, and others for another', async () => {
    const first = await digest(scenario, startAt - HOUR_MS, startAt + HOUR_MS / 2);
    expect(await digest(readDemoScenario(), startAt - HOUR_MS, startAt + HOUR_MS / 2)).toBe(first);
    expect(await digest(readDemoScenario({ seed: 1 }), startAt - HOUR_MS, startAt + HOUR_MS / 2)).not.toBe(first);
  });

  it('do not depend on where playing begins: registers and counters go on', () => {
    const whole = [...reportsBetween(scenario, startAt - 2 * HOUR_MS, startAt)];
    const late = [...reportsBetween(readDemoScenario(), startAt - HOUR_MS, startAt)];
    const key = ({ site, device, report }: SentReport): string => `${site} ${device} ${JSON.stringify(report)}`;
    const known = new Set(whole.map(key));
    expect(late.length).toBeGreaterThan(4_000);
    expect(late.map(key).filter((line) => !known.has(line))).toEqual([]);
  });

  it('come in the order of sending, across all devices', () => {
    let lastAt = -Infinity;
    for (const { at } of reportsBetween(scenario, startAt - HOUR_MS / 2, startAt)) {
      expect(at).toBeGreaterThanOrEqual(lastAt);
      lastAt = at;
    }
  });

  it('are spread over the minute', () => {
    const firsts = scenario.sites.flatMap(({ devices }) =>
      devices.map(
        (device) => [...deviceReports(scenario, device, { fromAt: startAt - 15 * 60_000, toAt: startAt })][0]?.at ?? 0,
      ),
    );
    const quarters = new Set(firsts.map((at) => Math.floor((at % 60_000) / 15_000)));
    expect([...quarters].toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('count up by one per device', () => {
    const device = scenario.sites[0]?.devices[1];
    if (device === undefined) throw new Error('the demo has no device');
    const counts = [...deviceReports(scenario, device, { fromAt: startAt - HOUR_MS, toAt: startAt })].map(
      ({ report }) => report.seq ?? Number.NaN,
    );
    expect(counts.map((seq, index) => seq - index)).toEqual(counts.map(() => counts[0]));
  });

  it('count their own means too, and those of days end at local midnight', () => {
    const text = scenarioText({ type: 'incinerator', site: ['devices: { cems-1: { means: [PT10M, PT1H, P1D] } }'] });
    const own = parseScenario(text, { source: 'test' });
    const device = own.sites[0]?.devices.find(({ id }) => id === 'cems-1');
    if (device === undefined) throw new Error('no monitor');
    const span = { fromAt: own.startAt - 17 * HOUR_MS, toAt: own.startAt - 6 * HOUR_MS };
    const reports = [...deviceReports(own, device, span)].map(({ report }) => report);
    const counts = reports.map(({ seq }) => seq ?? Number.NaN);
    expect(counts.map((seq, index) => seq - index)).toEqual(counts.map(() => counts[0]));
    // 22:00 to 9:00; at eight in the morning the day of UTC ends.
    expect(reports.filter(({ period }) => period === 'P1D').map(({ ts }) => ts)).toEqual(['2026-11-21T00:00:00+08:00']);
    expect(reports.filter(({ period }) => period === 'PT1H')).toHaveLength(11);
  });

  it('are not made for times that the scenario does not know', () => {
    expect(() => [...reportsBetween(scenario, startAt - 10 * 24 * HOUR_MS, startAt)]).toThrow(InputError);
    expect(() => [...reportsBetween(scenario, startAt, Infinity)]).toThrow(InputError);
  });
});
