/** Reports through the detector as a replay runs it: what every test of a rule acts with. */
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import type { WireMark, WireOrder } from '../../contracts/order.ts';
import { createReplay, type ReplayResult } from '../../detect/runner/replay.ts';
import { eventEnd, type TestReport } from './device-reports.ts';
import { moment } from './local-moment.ts';

/** A report, or another entry of the log such as an order that is entered. */
export type Arrival = TestReport | LogEntry;

function toEntry(arrival: Arrival): LogEntry {
  if ('kind' in arrival) return arrival;
  const { site, device, report } = arrival;
  return { kind: 'report', site, device, received: arrival.received ?? eventEnd(report), body: JSON.stringify(report) };
}

/** An officer enters a mark through the API at `received`. */
export function enteredMark(mark: WireMark, received: string | number, by = 'officer-1'): LogEntry {
  return {
    kind: 'mark',
    received: typeof received === 'number' ? received : moment(received),
    body: JSON.stringify(mark),
    by,
  };
}

/** An officer enters an order through the API at `received`. */
export function enteredOrder(order: WireOrder, received: string | number, by = 'officer-1'): LogEntry {
  return {
    kind: 'order',
    received: typeof received === 'number' ? received : moment(received),
    body: JSON.stringify(order),
    by,
  };
}

/** Another version of the registry takes effect. */
export function newRegistry(text: string, received: string | number): LogEntry {
  return {
    kind: 'registry',
    received: typeof received === 'number' ? received : moment(received),
    files: [{ name: 'registry.yaml', text }],
  };
}

/** The log that a replay reads: the registry before all time, then everything by `received`, stably. */
export function toRecords(registry: string, arrivals: readonly Arrival[]): readonly LogRecord[] {
  const first: LogEntry = { kind: 'registry', received: -8.64e15, files: [{ name: 'registry.yaml', text: registry }] };
  const entries = arrivals.map(toEntry).sort((a, b) => a.received - b.received);
  return [first, ...entries].map((entry, offset) => ({ ...entry, offset }));
}

/** Plays the reports through the detector; several devices may stand one after another, they are sorted by arrival. */
export function replayReports(registry: string, arrivals: readonly Arrival[]): ReplayResult {
  const replay = createReplay({ wantsMeans: true });
  for (const record of toRecords(registry, arrivals)) replay.take(record);
  return replay.finish();
}

/** The findings of a rule, or of a category by its beginning such as `limit.`; those withdrawn are left out. */
export function findingsOf(result: ReplayResult, rule: string): readonly Finding[] {
  return result.findings.filter((finding) => finding.rule.startsWith(rule) && finding.state !== 'withdrawn');
}

const clock = (text: string | null): string => (text === null ? '…' : text.slice(5, 16).replace('T', ' '));

/** `limit.hour high 11-22 08:00 → 11-22 10:00 closed`: what a test mostly asks of a finding. */
export function findingLine({ rule, severity, start, end, state }: Finding): string {
  return `${rule} ${severity} ${clock(start)} → ${clock(end)} ${state}`;
}
