/**
 * Report files as records of a log: read line by line, checked, merged by `received`, stably.
 */
import { checkReport } from '../contracts/check-report.ts';
import type { DeadLetterReason } from '../contracts/errors.ts';
import type { CheckedReport } from '../contracts/report-reading.ts';

import type { Registry } from '../contracts/registry/registry.ts';
import { parseInstant } from '../contracts/time/instant.ts';
import { readLines } from './report-lines.ts';

/** A good line. */
export interface SourceReport {
  readonly received: number;
  readonly body: string;
  readonly report: CheckedReport;
}

/** A bad line, kept with its place and reason. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly payload: string;
}

export interface SourceOptions {
  readonly registry: Registry;
  readonly onBadLine: (bad: BadLine) => void;
}

interface FileForm {
  readonly site?: unknown;
  readonly device?: unknown;
  readonly received?: unknown;
  readonly ts?: unknown;
  readonly period?: unknown;
}

type Read = SourceReport | { readonly reason: DeadLetterReason; readonly detail: string };

/** Receipt as written; absent = the sample's instant, or the period's end. */
function receivedOf(form: FileForm, report: CheckedReport): number {
  if (form.received === undefined) return report.endAt;
  return typeof form.received === 'string' ? parseInstant(form.received) : Number.NaN;
}

function readLine(text: string, registry: Registry): Read {
  if (text.includes('\uFFFD')) return { reason: 'payload-not-utf8', detail: 'the line is not UTF-8' };
  let form: FileForm;
  try {
    form = JSON.parse(text) as FileForm;
  } catch (error) {
    return {
      reason: 'payload-not-json',
      detail: `the line is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  if (typeof form !== 'object' || form === null || Array.isArray(form))
    return { reason: 'report-invalid', detail: 'the line is not an object' };
  if (typeof form.site !== 'string')
    return { reason: 'site-unknown', detail: '`site` is missing; a file line names its site' };
  if (typeof form.device !== 'string')
    return { reason: 'device-unknown', detail: '`device` is missing; a file line names its device' };
  const checked = checkReport(form, form.site, form.device, registry);
  if (!checked.ok) return checked.error;
  const received = receivedOf(form, checked.value);
  if (Number.isNaN(received)) {
    return {
      reason: 'instant-invalid',
      detail: `\`received\` is ${JSON.stringify(form.received)}, expected RFC 3339 with offset`,
    };
  }
  return { received, body: text, report: checked.value };
}

/** When a bad line counts as received does not matter; it is kept aside. */
async function* readFile(path: string, options: SourceOptions): AsyncGenerator<readonly SourceReport[]> {
  let line = 0;
  for await (const lines of readLines(path)) {
    const batch: SourceReport[] = [];
    for (const raw of lines) {
      line += 1;
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (text.trim() === '') continue;
      const read = readLine(text, options.registry);
      if ('reason' in read)
        options.onBadLine({ file: path, line, payload: text, reason: read.reason, detail: read.detail });
      else batch.push(read);
    }
    yield batch;
  }
}

interface Head {
  readonly batches: AsyncIterator<readonly SourceReport[]>;
  batch: readonly SourceReport[];
  position: number;
}

/** The file's next report, or undefined at its end. */
async function peek(head: Head): Promise<SourceReport | undefined> {
  while (head.position >= head.batch.length) {
    const next = await head.batches.next();
    if (next.done === true) return undefined;
    head.batch = next.value;
    head.position = 0;
  }
  return head.batch[head.position];
}

async function* merge(heads: Head[]): AsyncGenerator<readonly SourceReport[]> {
  for (;;) {
    let first: Head | undefined;
    let earliest: SourceReport | undefined;
    for (const head of heads) {
      const report = await peek(head);
      if (report !== undefined && (earliest === undefined || report.received < earliest.received)) {
        first = head;
        earliest = report;
      }
    }
    if (first === undefined || earliest === undefined) return;
    first.position += 1;
    yield [earliest];
  }
}

/** Batches of reports of all files in the order in which they are taken. */
export async function* readReports(
  paths: readonly string[],
  options: SourceOptions,
): AsyncGenerator<readonly SourceReport[]> {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) {
    yield* readFile(only, options);
    return;
  }
  yield* merge(
    paths.map((path) => ({ batches: readFile(path, options)[Symbol.asyncIterator](), batch: [], position: 0 })),
  );
}
