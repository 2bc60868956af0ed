/** The reports of a scenario in the order in which they are sent. */
import { InputError } from '../contracts/errors.ts';
import type { WireReport } from '../contracts/report.ts';
import { DAY_MS } from '../contracts/time/instant.ts';
import { occurrenceAt, occurrencesIn, type LaidFault } from './fault-times.ts';
import type { Scene } from './faults/fault.ts';
import { toWireReport, type DeviceReport } from './instruments/device-report.ts';
import { MomentQueue } from './moment-queue.ts';
import { throughNetwork } from './network-delivery.ts';
import { makeOwnMean } from './instruments/own-means.ts';
import { containsAny, type Span } from './plants/span.ts';
import type { Scenario, ScenarioSite } from './scenario.ts';
import type { ScenarioDevice } from './site-devices.ts';

/** A report on its way. */
export interface SentReport {
  readonly site: string;
  readonly device: string;
  readonly report: WireReport;
  /** When it is sent, by a clock that is right. */
  readonly at: number;
}

/** Reports that are sent again follow each other this fast. */
const SECOND_SENDING_STEP_MS = 20;
/** How much the moment of sending wanders. */
const WANDER_MS = 600;
/** How long before its second sending a report may lie. */
const LONGEST_DELAY_MS = 7 * DAY_MS;

/** What the device says at a tick with the first `faultCount` of its faults; `undefined` = nothing. */
function reportWith(device: ScenarioDevice, tickAt: number, faultCount: number): DeviceReport | undefined {
  let report: DeviceReport | undefined = device.instrument.reportAt(tickAt);
  const sampleAt = report.tsAt;
  for (const [index, fault] of device.faults.slice(0, faultCount).entries()) {
    const span = fault.kind.alter === undefined ? undefined : occurrenceAt(fault, sampleAt);
    if (span === undefined || report === undefined) continue;
    report = fault.kind.alter?.(report, sceneOf(device, index, span));
  }
  return report;
}

interface Memory {
  /** Begin of the time that it is about: it knows one at a time. */
  readonly fromAt: number;
  readonly made: Map<string, unknown>;
}
const memories = new WeakMap<LaidFault, Map<string, Memory>>();

/** What a fault works out once for a device and an occurrence. Only saves work: what is made depends on nothing else. */
function remembering(fault: LaidFault, device: string, fromAt: number): Scene['once'] {
  const byDevice = memories.get(fault) ?? new Map<string, Memory>();
  memories.set(fault, byDevice);
  return <T>(name: string, make: () => T): T => {
    let memory = byDevice.get(device);
    if (memory?.fromAt !== fromAt) {
      memory = { fromAt, made: new Map() };
      byDevice.set(device, memory);
    }
    if (!memory.made.has(name)) memory.made.set(name, make());
    return memory.made.get(name) as T;
  };
}

/** The scene of the fault with this index: what is pristine for it has the faults before it. */
function sceneOf(device: ScenarioDevice, index: number, span: Span): Scene {
  const { everyMs } = device.instrument;
  const fault = device.faults[index];
  if (fault === undefined) throw new RangeError(`device ${device.id} has no fault ${index}`);
  const { settings, place, random } = fault;
  const pristineAt = (tickAt: number): DeviceReport =>
    reportWith(device, tickAt, index) ?? device.instrument.reportAt(tickAt);
  const once = remembering(fault, device.id, span.fromAt);
  return { settings, span, place, random, device: device.id, everyMs, pristineAt, once };
}

interface Dispatch {
  readonly report: DeviceReport;
  readonly at: number;
}

/** The means that it makes itself and that end with a tick: of what it said, whatever it said. */
function ownMeansAt(device: ScenarioDevice, tickAt: number): readonly DeviceReport[] {
  const { ownMeans = [], everyMs } = device.instrument;
  const due = ownMeans.filter(({ periodMs }) => tickAt % periodMs === 0);
  const longestMs = due.at(-1)?.periodMs ?? 0;
  if (longestMs === 0) return [];
  const parts: DeviceReport[] = [];
  for (let partAt = tickAt - longestMs; partAt <= tickAt; partAt += everyMs) {
    const part = reportWith(device, partAt, device.faults.length);
    if (part !== undefined) parts.push(part);
  }
  const seq = device.instrument.reportAt(tickAt).seq ?? 0;
  return due.flatMap((means, index) => {
    const own = parts.filter(({ tsAt }) => tsAt >= tickAt - means.periodMs && tsAt < tickAt);
    const mean = makeOwnMean(means, own, tickAt, seq + 1 + index);
    return mean === undefined ? [] : (alteredMean(device, mean) ?? []);
  });
}

function alteredMean(device: ScenarioDevice, mean: DeviceReport): DeviceReport | undefined {
  let report: DeviceReport | undefined = mean;
  for (const [index, fault] of device.faults.entries()) {
    const span = fault.kind.alterMean === undefined ? undefined : occurrenceAt(fault, mean.tsAt);
    if (span === undefined || report === undefined) continue;
    report = fault.kind.alterMean?.(report, sceneOf(device, index, span));
  }
  return report;
}

function ticksIn(span: Span, everyMs: number): number {
  return Math.ceil(span.fromAt / everyMs) * everyMs;
}

function* secondSending(device: ScenarioDevice, index: number, occurrence: Span): Generator<Dispatch> {
  const scene = sceneOf(device, index, occurrence);
  const again = device.faults[index]?.kind.sendAgain?.(scene);
  if (again === undefined) return;
  let at = again.sendAt + device.delayMs;
  const { everyMs } = scene;
  for (let tickAt = ticksIn(occurrence, everyMs); tickAt < occurrence.toAt + everyMs; tickAt += everyMs) {
    const report =
      again.isHeldBack === true ? scene.pristineAt(tickAt) : reportWith(device, tickAt, device.faults.length);
    if (report === undefined || occurrenceAt(device.faults[index] as LaidFault, report.tsAt) === undefined) continue;
    yield { report: again.alter(report), at };
    at += SECOND_SENDING_STEP_MS;
  }
}

/** Second sendings that begin in a span, oldest first. */
function secondSendingsIn(device: ScenarioDevice, span: Span): readonly { at: number; run: Generator<Dispatch> }[] {
  const found: { at: number; run: Generator<Dispatch> }[] = [];
  for (const [index, fault] of device.faults.entries()) {
    if (fault.kind.sendAgain === undefined) continue;
    for (const occurrence of occurrencesIn(fault, { fromAt: span.fromAt - LONGEST_DELAY_MS, toAt: span.toAt })) {
      const at = fault.kind.sendAgain(sceneOf(device, index, occurrence)).sendAt;
      if (at >= span.fromAt && at < span.toAt)
        found.push({ at: at + device.delayMs, run: secondSending(device, index, occurrence) });
    }
  }
  return found.toSorted((left, right) => left.at - right.at);
}

function* dispatches(device: ScenarioDevice, span: Span): Generator<Dispatch> {
  const { everyMs } = device.instrument;
  const pending = [...secondSendingsIn(device, span)];
  for (let tickAt = ticksIn(span, everyMs); tickAt < span.toAt; tickAt += everyMs) {
    const at = tickAt + device.delayMs + Math.floor(device.random.uniformAt(tickAt / everyMs) * WANDER_MS);
    while ((pending[0]?.at ?? Infinity) <= at) yield* pending.shift()?.run ?? [];
    const report = containsAny(device.silences, tickAt) ? undefined : reportWith(device, tickAt, device.faults.length);
    if (report === undefined) continue;
    yield { report, at };
    for (const mean of ownMeansAt(device, tickAt)) yield { report: mean, at };
  }
  for (const { run } of pending) yield* run;
}

/**
 * The reports of one device whose ticks lie in [fromAt, toAt), in the order of sending. `span` must be finite.
 * The same span gives the same reports, whatever was asked before.
 */
export function* deviceReports(scenario: Scenario, device: ScenarioDevice, span: Span): Generator<SentReport> {
  for (const { report, at } of dispatches(device, span)) {
    yield { site: device.site, device: device.id, report: toWireReport(report, scenario.time), at };
  }
}

/** Several ordered streams as one; of equal moments the earlier stream goes first. */
function* merged(streams: Iterable<Iterator<SentReport>>): Generator<SentReport> {
  const heads = new MomentQueue<{
    readonly report: SentReport;
    readonly stream: Iterator<SentReport>;
    readonly rank: number;
  }>();
  const pull = (stream: Iterator<SentReport>, rank: number): void => {
    const next = stream.next();
    if (next.done !== true) heads.push(next.value.at, rank, { report: next.value, stream, rank });
  };
  let rank = 0;
  for (const stream of streams) {
    pull(stream, rank);
    rank += 1;
  }
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.report;
    pull(head.stream, head.rank);
  }
}

/** The reports of one site, its devices in step with each other. */
export function siteReports(scenario: Scenario, site: ScenarioSite, span: Span): Generator<SentReport> {
  return merged(site.devices.map((device) => deviceReports(scenario, device, span)));
}

/** As they arrive: what the network does to them is done. */
function arrivingReports(scenario: Scenario, site: ScenarioSite, span: Span): Generator<SentReport> {
  const reports = siteReports(scenario, site, span);
  return throughNetwork(scenario.network, reports, scenario.network.outagesIn(site.id, span));
}

/**
 * Every report whose tick (the instant at which a sample or a period is complete) lies in [fromMs, toMs), in the order
 * of arrival; equal moments in the order of sites and devices.
 * @throws InputError where the span begins before the scenario knows anything, or has no end
 */
export function* reportsBetween(scenario: Scenario, fromMs: number, toMs: number): Generator<SentReport> {
  if (!(fromMs >= scenario.originAt) || !Number.isFinite(toMs)) {
    throw new InputError(
      `scenario ${scenario.name} begins at ${scenario.time.format(scenario.originAt)} and needs an end; the span asked for does not fit`,
    );
  }
  const span = { fromAt: fromMs, toAt: toMs };
  yield* merged(scenario.sites.map((site) => arrivingReports(scenario, site, span)));
}
