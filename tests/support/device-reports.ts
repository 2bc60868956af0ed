/** Reports of one device from series of its signals. */
import { parseClockDuration } from '../../contracts/time/duration.ts';
import { REPORT_PERIOD_MS, type ReportPeriod, type WireReport } from '../../contracts/report.ts';
import type { Flag } from '../../contracts/signals.ts';
import { moment, rfc3339 } from './local-moment.ts';
import { series } from './series.ts';

/** A report on its way to the detector. */
export interface TestReport {
  readonly site: string;
  readonly device: string;
  readonly report: WireReport;
  /** Absent: the event time, or the period's end. */
  readonly received?: number;
}

export interface DeviceReports {
  readonly device: string;
  /** Wall clock of the first step, see `moment`; or epoch ms. */
  readonly from: string | number;
  /** Step between two reports; the period, or PT1M. */
  readonly every?: string;
  /** The values are means of such periods; absent: instants. */
  readonly period?: ReportPeriod;
  readonly site?: string;
  readonly resent?: boolean;
  /** Ms that every report takes to arrive. */
  readonly delayMs?: number;
}

/** Event time of a report: its instant, or the end of its period. */
export function eventEnd(report: WireReport): number {
  return Date.parse(report.ts) + (report.period === undefined ? 0 : REPORT_PERIOD_MS[report.period]);
}

function stepMs(options: DeviceReports): number {
  const text = options.every ?? options.period ?? 'PT1M';
  const ms = parseClockDuration(text);
  if (ms === undefined) throw new RangeError(`"${text}" is no step between reports`);
  return ms;
}

/**
 * One report a step with the values that the series have there; no report where all of them have a gap.
 * @example deviceReports({ device: 'cems-1', from: '08:00' }, { nox: '40x60', o2: '9x44 _x16' })
 */
export function deviceReports(
  options: DeviceReports,
  signals: Readonly<Record<string, string>>,
): readonly TestReport[] {
  const { device, site = 'plant', period, resent, delayMs } = options;
  const start = typeof options.from === 'number' ? options.from : moment(options.from);
  const step = stepMs(options);
  const columns = Object.entries(signals).map(([signal, text]) => ({ signal, steps: series(text) }));
  const length = Math.max(0, ...columns.map(({ steps }) => steps.length));
  const made: TestReport[] = [];
  for (let index = 0; index < length; index += 1) {
    const values: Record<string, number> = {};
    const flags: Record<string, Flag> = {};
    for (const { signal, steps } of columns) {
      const said = steps[index];
      if (said === undefined) continue;
      values[signal] = said.value;
      if (said.flag !== 'N') flags[signal] = said.flag;
    }
    if (Object.keys(values).length === 0) continue;
    const report: WireReport = {
      ts: rfc3339(start + index * step),
      ...(period === undefined ? {} : { period }),
      values,
      ...(Object.keys(flags).length === 0 ? {} : { flags }),
      ...(resent === undefined ? {} : { resent }),
    };
    made.push({ site, device, report, ...(delayMs === undefined ? {} : { received: eventEnd(report) + delayMs }) });
  }
  return made;
}

export interface DeclaredMark {
  readonly device: string;
  readonly state: string;
  readonly from: string | number;
  readonly until?: string | number;
  readonly site?: string;
  /** When it arrives; absent: at once. */
  readonly received?: string | number;
}

const at = (when: string | number): number => (typeof when === 'number' ? when : moment(when));

/** A report in which the device declares a state from `from` on. */
export function declaredMark(mark: DeclaredMark): TestReport {
  const { device, site = 'plant', state, until, received } = mark;
  return {
    site,
    device,
    report: {
      ts: rfc3339(at(mark.from)),
      values: {},
      mark: { state, ...(until === undefined ? {} : { until: rfc3339(at(until)) }) },
    },
    ...(received === undefined ? {} : { received: at(received) }),
  };
}
