/**
 * From the wire to a report the detector can read: the schema, then the instants, then the registry.
 * Every way to fail is a value with a reason; nothing is repaired, nothing is dropped.
 */
import { Compile } from 'typebox/compile';
import type { DeadLetterReason, Rejection } from './errors.ts';
import type { CheckedReport, Reading } from './report-reading.ts';
import { REPORT_PERIOD_MS, ReportSchema, type WireReport, type WireValue } from './report.ts';
import { ok, rejected, type Result } from './result.ts';
import type { Registry, Site } from './registry/registry.ts';
import { COUNT_SIGNALS, type Flag, type Signal } from './signals.ts';
import { parseInstant } from './time/instant.ts';

const compiled = Compile(ReportSchema);

const refuse = (reason: DeadLetterReason, detail: string): { readonly ok: false; readonly error: Rejection } =>
  rejected({ reason, detail });

/** The first schema violation in words: where, what was expected. */
function schemaProblem(value: unknown): string {
  const [error] = compiled.Errors(value);
  if (error === undefined) return 'the report does not have the expected form';
  const where = error.instancePath === '' ? 'the report' : `\`${error.instancePath.slice(1).replaceAll('/', '.')}\``;
  return `${where} ${error.message}; see the schema of a report at /api/v1/schemas/report`;
}

/** What a value of a period says; `avg` first, a count's `sum` first. */
function readStatistics(value: Exclude<WireValue, number | string>, signal: string): number {
  const mean = COUNT_SIGNALS.has(signal) ? (value.sum ?? value.avg) : (value.avg ?? value.sum);
  return mean ?? Number.NaN;
}

function readValue(signal: Signal, value: WireValue, flag: Flag): Reading | string {
  if (typeof value === 'object') {
    if (signal.kind !== 'number') return `\`values.${signal.id}\` is a set of statistics, but the signal is text`;
    const mean = readStatistics(value, signal.id);
    return { signal: signal.id, value: mean, flag, min: value.min, max: value.max, converted: value.converted };
  }
  if ((signal.kind === 'text') !== (typeof value === 'string')) {
    return `\`values.${signal.id}\` is ${JSON.stringify(value)}, expected a ${signal.kind}`;
  }
  // Texts are kept in columns that end at it.
  if (typeof value === 'string' && value.includes('\0')) {
    return `\`values.${signal.id}\` is ${JSON.stringify(value)}, expected a text without the character U+0000`;
  }
  return { signal: signal.id, value, flag, min: undefined, max: undefined, converted: undefined };
}

function readReadings(wire: WireReport, registry: Registry): Result<readonly Reading[], Rejection> {
  const readings: Reading[] = [];
  const { values, flags } = wire;
  for (const id in values) {
    const signal = registry.signals.get(id);
    if (signal === undefined) {
      return refuse(
        'signal-unknown',
        `signal \`${id}\` is not known; use one of the contract's signals or declare it under \`signals\` in the registry`,
      );
    }
    const value = values[id] as WireValue;
    if (typeof value === 'object' && wire.period === undefined) {
      return refuse('value-kind-wrong', `\`values.${id}\` is a set of statistics, which needs \`period\``);
    }
    const reading = readValue(signal, value, flags?.[id] ?? 'N');
    if (typeof reading === 'string') return refuse('value-kind-wrong', reading);
    readings.push(reading);
  }
  if (readings.length === 0 && wire.mark === undefined && wire.parameters === undefined) {
    return refuse(
      'report-invalid',
      '`values` is empty and there is neither `mark` nor `parameters`; send at least one of them',
    );
  }
  return ok(readings);
}

function instantProblem(field: string, text: string): { readonly ok: false; readonly error: Rejection } {
  return refuse(
    'instant-invalid',
    `\`${field}\` is "${text.slice(0, 64)}", expected RFC 3339 with offset such as 2026-11-22T08:00:00+08:00`,
  );
}

/** Instant of the report, and until when its mark holds. */
function readInstants(
  wire: WireReport,
): Result<{ readonly ts: number; readonly until: number | undefined }, Rejection> {
  const ts = parseInstant(wire.ts);
  if (Number.isNaN(ts)) return instantProblem('ts', wire.ts);
  const text = wire.mark?.until;
  if (text === undefined) return ok({ ts, until: undefined });
  const until = parseInstant(text);
  return Number.isNaN(until) ? instantProblem('mark.until', text) : ok({ ts, until });
}

/** Why the registry does not know where the report comes from. */
function placeProblem(site: string, device: string, known: Site | undefined): ReturnType<typeof refuse> {
  if (known === undefined) return refuse('site-unknown', `site \`${site}\` is not in the registry`);
  return refuse('device-unknown', `device \`${device}\` is not among the devices of site \`${site}\` in the registry`);
}

/**
 * @param wire parsed JSON of one report
 * @returns the report, or why it is a dead letter as a whole
 */
export function checkReport(
  wire: unknown,
  site: string,
  device: string,
  registry: Registry,
): Result<CheckedReport, Rejection> {
  if (!compiled.Check(wire)) return refuse('report-invalid', schemaProblem(wire));
  const knownSite = registry.sites.get(site);
  const knownDevice = knownSite?.devices.get(device);
  if (knownSite === undefined || knownDevice === undefined) return placeProblem(site, device, knownSite);
  const instants = readInstants(wire);
  if (!instants.ok) return instants;
  const readings = readReadings(wire, registry);
  if (!readings.ok) return readings;
  const { ts, until } = instants.value;
  const periodMs = wire.period === undefined ? 0 : REPORT_PERIOD_MS[wire.period];
  return ok({
    // The registry's own texts: they are looked up many times, and one text need be hashed only once.
    site: knownSite.id,
    device: knownDevice.id,
    ts,
    periodMs,
    endAt: ts + periodMs,
    readings: readings.value,
    seq: wire.seq,
    resent: wire.resent === true,
    mark: wire.mark === undefined ? undefined : { state: wire.mark.state, until },
    parameters: wire.parameters,
  });
}

/** {@link checkReport} on JSON text. */
export function readReport(
  body: string,
  site: string,
  device: string,
  registry: Registry,
): Result<CheckedReport, Rejection> {
  let wire: unknown;
  try {
    wire = JSON.parse(body);
  } catch (error) {
    return refuse(
      'payload-not-json',
      `the payload is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return checkReport(wire, site, device, registry);
}
