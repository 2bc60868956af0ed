/**
 * From one message to the log entries it becomes: checked reports, and dead letters for what cannot be one.
 * Pure: the receive time is an argument. Clocks that are ahead are not judged here; the detector quarantines them.
 */
import { isUtf8 } from 'node:buffer';
import { checkReport } from '../contracts/check-report.ts';
import type { Rejection } from '../contracts/errors.ts';
import type { DeadRecord, LogEntry, ReportRecord } from '../contracts/log-record.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import type { CheckedReport } from '../contracts/report-reading.ts';
import { parseReportTopic } from '../contracts/topics.ts';
import { keptPayload } from './kept-payload.ts';
import { MAX_PAYLOAD_BYTES, MAX_REPORTS } from './limits.ts';
import { splitArray } from './split-array.ts';

export interface Message {
  /** Topic as sent; need not be a valid one. */
  readonly topic: string;
  readonly payload: Buffer;
  /** Receiver's clock, epoch ms. */
  readonly received: number;
  /**
   * A report that ends so long before its receipt, or that its device sends again, is marked as late; absent: none is,
   * where the log has one lane.
   */
  readonly lateAfterMs?: number;
}

type DeadPayload = Pick<DeadRecord, 'payload' | 'encoding'>;

function deadPayload(payload: Buffer): DeadPayload {
  return isUtf8(payload)
    ? { payload: payload.toString('utf8'), encoding: 'utf8' }
    : { payload: payload.toString('base64'), encoding: 'base64' };
}

function deadLetter(message: Message, rejection: Rejection, kept: DeadPayload): DeadRecord {
  // Lone surrogates may come in from escapes in the payload; the log is UTF-8 and would change them.
  const detail = Buffer.from(rejection.detail).toString();
  const { topic, received } = message;
  return { kind: 'dead', received, reason: rejection.reason, detail, topic, ...kept };
}

/**
 * The dead letter of a message that is refused whole, whatever is in it. Of a payload that is too long only the
 * beginning is kept.
 */
export function refuseMessage(message: Message, rejection: Rejection): DeadRecord {
  const kept = rejection.reason === 'payload-too-long' ? keptPayload(message.payload) : message.payload;
  return deadLetter(message, rejection, deadPayload(kept));
}

function parseJson(text: string): { readonly value: unknown } | Rejection {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { reason: 'payload-not-json', detail: `the payload is not JSON: ${cause}; send one report or an array` };
  }
}

/** A message whose topic names a site and a device. */
interface Addressed extends Message {
  readonly site: string;
  readonly device: string;
}

function admitArray(message: Addressed, text: string, reports: readonly unknown[], registry: Registry): LogEntry[] {
  if (reports.length === 0 || reports.length > MAX_REPORTS) {
    const detail = `the array has ${reports.length} reports; send 1 to ${MAX_REPORTS}`;
    return [refuseMessage(message, { reason: 'report-invalid', detail })];
  }
  const texts = splitArray(text);
  return reports.map((report, index) => admitReport(message, texts[index] ?? '', report, registry));
}

function isLate({ received, lateAfterMs }: Message, { endAt, resent }: CheckedReport): boolean {
  return lateAfterMs !== undefined && (resent || received - endAt > lateAfterMs);
}

function admitReport(message: Addressed, body: string, report: unknown, registry: Registry): LogEntry {
  const { site, device, received } = message;
  const checked = checkReport(report, site, device, registry);
  if (checked.ok) {
    const record: ReportRecord = { kind: 'report', received, site, device, body };
    return isLate(message, checked.value) ? { ...record, isLate: true } : record;
  }
  return deadLetter(message, checked.error, { payload: body, encoding: 'utf8' });
}

/**
 * @returns at least one entry: a record for each report that passes the check of the contract, a dead letter for
 * each that does not, or one dead letter for the message where it cannot be taken apart. Bodies and payloads are the
 * text as it was sent. Linear in the length of the payload.
 */
export function admit(message: Message, registry: Registry): LogEntry[] {
  const { topic, payload } = message;
  const refuse = (rejection: Rejection): LogEntry[] => [refuseMessage(message, rejection)];
  if (payload.length > MAX_PAYLOAD_BYTES) return refuse(payloadTooLong(payload.length));
  const origin = parseReportTopic(topic);
  if (origin === undefined) return refuse(topicInvalid(topic));
  if (!isUtf8(payload)) {
    return refuse({ reason: 'payload-not-utf8', detail: 'the payload is not UTF-8; send JSON in UTF-8' });
  }
  const text = payload.toString('utf8');
  const json = parseJson(text);
  if ('reason' in json) return refuse(json);
  const addressed = { ...message, site: origin.site, device: origin.device };
  if (Array.isArray(json.value)) return admitArray(addressed, text, json.value, registry);
  return [admitReport(addressed, text, json.value, registry)];
}

export function topicInvalid(topic: string): Rejection {
  const seen = topic.length > 200 ? `${topic.slice(0, 200)}…` : topic;
  return {
    reason: 'topic-invalid',
    detail: `\`${seen}\` is not a report topic; publish under stackwarden/v1/{site}/{device}/report`,
  };
}

export function payloadTooLong(bytes: number): Rejection {
  const detail = `the payload has ${bytes} bytes, the most is ${MAX_PAYLOAD_BYTES}: send smaller arrays`;
  return { reason: 'payload-too-long', detail: `${detail}; only the beginning is kept here` };
}
