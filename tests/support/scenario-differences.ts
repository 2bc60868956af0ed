/** What is laid into a small plant, and what differs because of it. */
import { deviceReports, type SentReport } from '../../simulators/report-stream.ts';
import { parseScenario, type Scenario } from '../../simulators/scenario.ts';
import { scenarioText } from './scenario-text.ts';

export const HOUR_MS = 3_600_000;

/** `R-1` stops the plant, `R-2` halves it. */
const ORDERS = [
  'orders:',
  '  - { id: R-1, kind: shutdown, from: -PT10H, to: +PT10H, scope: { sites: [plant-a] } }',
  '  - { id: R-2, kind: limit, from: -PT10H, to: +PT10H, reducePercent: 50, scope: { sites: [plant-a] } }',
];

interface Play {
  readonly type: 'cement' | 'gas-boiler' | 'incinerator';
  readonly site: readonly string[];
  /** Only these devices are played; all where there is no pattern. */
  readonly devices?: RegExp;
  readonly fromHours: number;
  readonly toHours: number;
}

export function readPlay({ type, site }: Pick<Play, 'type' | 'site'>): Scenario {
  return parseScenario(scenarioText({ type, site, file: ORDERS }), { source: 'test' });
}

/** Reports by device, moment of sending and kind. */
export function play({ devices = /./, fromHours, toHours, ...plan }: Play): ReadonlyMap<string, SentReport> {
  const scenario = readPlay(plan);
  const span = { fromAt: scenario.startAt + fromHours * HOUR_MS, toAt: scenario.startAt + toHours * HOUR_MS };
  const sent = new Map<string, SentReport>();
  for (const device of scenario.sites[0]?.devices ?? []) {
    if (!devices.test(device.id)) continue;
    for (const report of deviceReports(scenario, device, span)) {
      const kind = `${report.report.period ?? ''} ${report.report.resent === true ? 'again' : ''}`;
      sent.set(`${device.id} ${String(report.at)} ${kind}`, report);
    }
  }
  return sent;
}

export interface Difference {
  /** `device.part`; of a device's own means `device PT1H.part`. */
  readonly part: string;
  /** When it was sent. */
  readonly at: number;
}

const REPORT_PARTS = ['ts', 'flags', 'mark', 'seq', 'period', 'parameters', 'resent'] as const;

function nameOf({ device, report }: SentReport): string {
  return report.period === 'PT1H' ? `${device} PT1H` : device;
}

export function differences(
  pristine: ReadonlyMap<string, SentReport>,
  faulty: ReadonlyMap<string, SentReport>,
): readonly Difference[] {
  const found: Difference[] = [];
  for (const [key, sent] of faulty) if (!pristine.has(key)) found.push({ part: `${nameOf(sent)}.again`, at: sent.at });
  for (const [key, sent] of pristine) {
    const other = faulty.get(key)?.report;
    const { report, at } = sent;
    const add = (part: string): number => found.push({ part: `${nameOf(sent)}.${part}`, at });
    if (other === undefined) {
      add('gone');
      continue;
    }
    for (const signal of Object.keys({ ...report.values, ...other.values })) {
      if (JSON.stringify(report.values[signal]) !== JSON.stringify(other.values[signal])) add(signal);
    }
    for (const part of REPORT_PARTS) if (JSON.stringify(report[part]) !== JSON.stringify(other[part])) add(part);
  }
  return found;
}
