/**
 * Values, means and findings as points. A point is its measurement, tags and time; whatever must not be overwritten
 * has a place of its own, whatever is the same has the same place.
 */
import { createHash } from 'node:crypto';
import type { Finding } from '../../contracts/finding.ts';
import type { Mean } from '../../contracts/mean.ts';
import type { Sample } from '../../contracts/ports/detection-store.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { boolean, float, integer, text, type Field, type Point } from './line-protocol.ts';
import {
  BODY,
  disputedMeasurement,
  FINDING,
  FLAG,
  meanMeasurement,
  newestMeasurement,
  numberField,
  RECEIVED,
  reportMeasurement,
  revisedMeasurement,
  TEXT,
  WITH,
} from './measurements.ts';
import { toStored } from './stored-text.ts';

type NamedField = readonly [name: string, field: Field];

const NS_PER_SECOND = 1_000_000_000;
/** Revisions of one finding lie side by side behind their first. */
const MOST_REVISIONS = 1_000_000;
/** Nanoseconds in a millisecond: revisions of a value that are told apart. */
const MOST_DISPUTES = 999_999;

/** A place within a second that depends on the text alone. */
function slotOf(of: string, slots: number): number {
  return createHash('sha256').update(of).digest().readUIntBE(0, 6) % slots;
}

function valueField(signal: string, value: number | string): NamedField {
  return typeof value === 'number' ? [numberField(signal), float(value)] : [`${signal}${TEXT}`, text(toStored(value))];
}

/**
 * When it came stands beside the first signal of the report by name: of one instant there may be several reports with
 * other signals, which meet in one point and must not take each other's receipt.
 */
function receiptFields({ signals, received }: Sample): readonly NamedField[] {
  const sorted = signals.toSorted();
  const [first = ''] = sorted;
  return [
    [`${first}${RECEIVED}`, integer(received)],
    [`${first}${WITH}`, text(sorted.join(','))],
  ];
}

/** Undefined for a report without values. @throws RangeError for a period or revision that has no place */
export function samplePoint(sample: Sample): Point | undefined {
  const { site, device, ts, periodMs, signals, values, flags, revision } = sample;
  if (signals.length === 0) return undefined;
  const isDisputed = revision > 0;
  const measurement = isDisputed ? disputedMeasurement(periodMs) : reportMeasurement(periodMs);
  if (measurement === undefined) throw new RangeError(`no report has a period of ${String(periodMs)} ms`);
  if (revision > MOST_DISPUTES) throw new RangeError(`revision ${String(revision)} of one value`);
  const fields = signals.flatMap((signal, i): NamedField[] => {
    const value = valueField(signal, values[i] ?? Number.NaN);
    const flag = flags[i] ?? 'N';
    // Values beyond what is remembered may share a revision: there a flag has to be taken back as well.
    return flag === 'N' && !isDisputed ? [value] : [value, [`${signal}${FLAG}`, text(flag)]];
  });
  const tags = { site, device };
  return { measurement, tags, fields: [...fields, ...receiptFields(sample)], ms: ts, ns: revision };
}

function numbersOf({ signal, mean, converted, massKg }: Mean): readonly NamedField[] {
  const numbers = [
    [numberField(signal), mean],
    [`${signal}__converted`, converted],
    [`${signal}__mass-kg`, massKg],
  ] as const;
  return numbers.flatMap(([name, value]) => (typeof value === 'number' ? [[name, float(value)] as const] : []));
}

function meanFields(mean: Mean): readonly NamedField[] {
  const { signal, valid, verdict, state } = mean;
  return [
    ...numbersOf(mean),
    [`${signal}__valid`, boolean(valid)],
    [`${signal}__verdict`, text(verdict)],
    [`${signal}__state`, text(state)],
    [`${signal}${BODY}`, text(JSON.stringify(mean))],
  ];
}

/**
 * As it was judged first, a mean has one point for ever. Each form that it has later is a point of its own beside it,
 * and the newest of them can be read from a third: whole, since a field of a point can be replaced but not taken away.
 */
export function meanPoints(mean: Mean): readonly Point[] {
  const { site, outlet, device, signal, average, state } = mean;
  const tags: Record<string, string> = outlet === '' ? { site, device } : { site, outlet };
  const ms = parseInstant(mean.start);
  const fields = meanFields(mean);
  if (state !== 'revised') return [{ measurement: meanMeasurement(average), tags, fields, ms, ns: 0 }];
  const body = JSON.stringify(mean);
  return [
    { measurement: revisedMeasurement(average), tags, fields, ms, ns: slotOf(`${signal}\n${body}`, NS_PER_SECOND) },
    { measurement: newestMeasurement(average), tags, fields: [[`${signal}${BODY}`, text(body)]], ms, ns: 0 },
  ];
}

function optional(name: string, value: string | undefined): readonly NamedField[] {
  return value === undefined ? [] : [[name, text(value)]];
}

/** Every revision is a point of its own within the second of the finding's start. */
export function findingPoint(finding: Finding): Point {
  const { id, site, district, subject, start, end, revision } = finding;
  const place = subject.outlet === undefined ? { device: subject.device ?? '' } : { outlet: subject.outlet };
  const ms = parseInstant(start);
  const fields: NamedField[] = [
    ['id', text(id)],
    ['revision', integer(revision)],
    ['rule', text(finding.rule)],
    ['category', text(finding.category)],
    ['severity', text(finding.severity)],
    ['state', text(finding.state)],
    ['confidence', float(finding.confidence)],
    ['start', integer(ms)],
    ...(end === null ? [] : [['end', integer(parseInstant(end))] as const]),
    ['detectedAt', integer(parseInstant(finding.detectedAt))],
    ...optional('line', subject.line),
    ...optional('signal', subject.signal),
    ...optional('order', subject.order),
    ['zh', text(finding.title.zh)],
    ['en', text(finding.title.en)],
    ['body', text(JSON.stringify(finding))],
  ];
  const slot = slotOf(id, NS_PER_SECOND - MOST_REVISIONS) + (revision % MOST_REVISIONS);
  const tags = { site, district, ...place };
  return { measurement: FINDING, tags, fields, ms: Math.floor(ms / 1_000) * 1_000, ns: slot };
}
