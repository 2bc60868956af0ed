import { describe, expect, it } from 'vitest';
import { createLocalTime } from '../contracts/time/local-time.ts';
import type { SentReport } from './device-reports.ts';
import { throughNetwork } from './network-delivery.ts';
import { readNetwork, type Network } from './network.ts';
import { createRandom } from './random.ts';
import type { ScenarioReading } from './scenario-reading.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = Date.parse('2026-11-24T08:00:00+08:00');

function networkOf(entry: Parameters<typeof readNetwork>[1]): Network {
  const reading = { startAt: START, time: createLocalTime('Asia/Shanghai'), random: createRandom(5), problems: [] };
  return readNetwork(reading as unknown as ScenarioReading, entry);
}

/** Two devices, one report a minute each, for some hours from the start. */
function made(hours: number): readonly SentReport[] {
  return Array.from({ length: hours * 60 }, (_, minute) => minute).flatMap((minute) =>
    ['m-1', 'm-2'].map((device, index) => {
      const at = START + minute * MINUTE_MS + (20 + 9 * index) * SECOND_MS;
      return { site: 'plant', device, at, report: { ts: new Date(at).toISOString(), values: {} } };
    }),
  );
}

const play = (network: Network, reports: readonly SentReport[]): readonly SentReport[] => [
  ...throughNetwork(network, reports, network.outagesIn('plant', { fromAt: START, toAt: START + 24 * HOUR_MS })),
];
const textOf = ({ device, report }: SentReport): string => `${device} ${report.ts}`;

describe('a network', () => {
  it('that is fair changes nothing', () => {
    const reports = made(2);
    expect(play(networkOf({}), reports)).toEqual(reports);
  });

  it('that is down gives back everything after it, once, in the order of each device, marked as resent', () => {
    const reports = made(5);
    const network = networkOf({ cityOutages: [{ from: '+PT1H', to: '+PT2H' }] });
    const arrived = play(network, reports);
    const inside = ({ report }: SentReport): boolean =>
      Date.parse(report.ts) >= START + HOUR_MS && Date.parse(report.ts) < START + 2 * HOUR_MS;
    expect(arrived.map(textOf)).toEqual(reports.map(textOf));
    expect(arrived.filter(({ report }) => report.resent === true).map(textOf)).toEqual(
      reports.filter(inside).map(textOf),
    );
    for (const one of arrived.filter(inside)) {
      expect(one.at).toBeGreaterThanOrEqual(START + 2 * HOUR_MS);
      expect(one.at).toBeLessThan(START + 2 * HOUR_MS + 10 * SECOND_MS);
    }
    expect(arrived.map(({ at }) => at)).toEqual(arrived.map(({ at }) => at).toSorted((left, right) => left - right));
  });

  it('that doubles and delays loses nothing and keeps the order of arrival', () => {
    const reports = made(20);
    const arrived = play(networkOf({ duplicates: 0.05, disorder: 0.05 }), reports);
    const times = arrived.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
    expect(new Set(arrived.map(textOf))).toEqual(new Set(reports.map(textOf)));
    const doubles = arrived.length - reports.length;
    expect(doubles).toBeGreaterThan(60);
    expect(doubles).toBeLessThan(180);
    const overtaken = arrived.filter(
      (one, index) => Date.parse(one.report.ts) < Date.parse(arrived[index - 1]?.report.ts ?? one.report.ts),
    );
    expect(overtaken.length).toBeGreaterThan(20);
  });

  it('has outages of each site at its own times, short or long, as often as was asked for', () => {
    const network = networkOf({ outages: { per100SiteDays: 50 } });
    const within = { fromAt: START, toAt: START + 400 * 24 * HOUR_MS };
    const [one, other] = [network.outagesIn('plant', within), network.outagesIn('other', within)];
    expect(one.length).toBeGreaterThan(150);
    expect(one.length).toBeLessThan(250);
    expect(one).not.toEqual(other);
    const minutes = one.map(({ fromAt, toAt }) => (toAt - fromAt) / MINUTE_MS);
    expect(minutes.filter((length) => length > 12 && length < 44)).toEqual([]);
    const [first] = one;
    expect(network.outageAt('plant', first?.fromAt ?? 0)).toEqual(first);
    expect(network.outageAt('plant', first?.toAt ?? 0)).toBeUndefined();
  });
});
