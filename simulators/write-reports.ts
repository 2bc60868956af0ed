/** A scenario as a file of reports, the form that `stackwarden replay` reads. */
import type { LocalTime } from '../contracts/time/local-time.ts';
import { MINUTE_MS } from '../contracts/time/instant.ts';
import type { Span } from './plants/span.ts';
import { reportsBetween, type SentReport } from './report-stream.ts';
import type { Scenario } from './scenario.ts';

/** Takes a piece of text; what it returns is waited for before the next. */
export type TextSink = (text: string) => void | Promise<void>;

/** What an outage keeps back for longer than this has not arrived when the file ends. */
const LAST_ARRIVAL_MS = 2 * MINUTE_MS;
const LINES_PER_PIECE = 2_000;

/** One line of NDJSON: the report with site, device and the time of its receipt. */
function formatReportLine({ site, device, report, at }: SentReport, time: LocalTime): string {
  return `${JSON.stringify({ site, device, received: time.format(at), ...report })}\n`;
}

/**
 * Writes the reports of a span, in the order of receipt. Same scenario, seed and span: same bytes.
 * @returns number of reports
 * @throws InputError where the span does not fit the scenario; what the sink throws
 */
export async function writeReports(scenario: Scenario, span: Span, sink: TextSink): Promise<number> {
  let lines: string[] = [];
  let written = 0;
  for (const report of reportsBetween(scenario, span.fromAt, span.toAt)) {
    if (report.at > span.toAt + LAST_ARRIVAL_MS) break;
    lines.push(formatReportLine(report, scenario.time));
    if (lines.length < LINES_PER_PIECE) continue;
    await sink(lines.join(''));
    written += lines.length;
    lines = [];
  }
  if (lines.length > 0) await sink(lines.join(''));
  return written + lines.length;
}
