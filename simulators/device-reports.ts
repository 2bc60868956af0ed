/** What a device sends: its reports and means, with its faults, in the order of sending. */
import type { WireReport } from '../contracts/report.ts';
import { DAY_MS } from '../contracts/time/instant.ts';
import { occurrenceAt, occurrencesIn, type LaidFault } from './fault-times.ts';
import type { Scene } from './faults/fault.ts';
import { toWireReport, type DeviceReport } from './instruments/device-report.ts';
import { MomentQueue } from './moment-queue.ts';
import { makeOwnMean } from './instruments/own-means.ts';
import { containsAny, type Span } from './plants/span.ts';
import type { Scenario } from './scenario.ts';
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
  const due = ownMeans.filter(({ periodMs, alignedAt }) => (tickAt - alignedAt) % periodMs === 0);
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

/** When a device sends what it has to say of a tick. */
function sendingAt(device: ScenarioDevice, tickAt: number): number {
  const wanderMs = Math.floor(device.random.uniformAt(tickAt / device.instrument.everyMs) * WANDER_MS);
  return tickAt + device.delayMs + wanderMs;
}

/** What a device says of a tick: nothing, a report, or a report and means. */
function saidOf(device: ScenarioDevice, tickAt: number): readonly DeviceReport[] {
  if (device.silences.length > 0 && containsAny(device.silences, tickAt)) return [];
  const report = reportWith(device, tickAt, device.faults.length);
  if (report === undefined) return [];
  return device.instrument.ownMeans === undefined ? [report] : [report, ...ownMeansAt(device, tickAt)];
}

function* dispatches(device: ScenarioDevice, span: Span): Generator<Dispatch> {
  const { everyMs } = device.instrument;
  const pending = [...secondSendingsIn(device, span)];
  for (let tickAt = ticksIn(span, everyMs); tickAt < span.toAt; tickAt += everyMs) {
    const at = sendingAt(device, tickAt);
    while ((pending[0]?.at ?? Infinity) <= at) yield* pending.shift()?.run ?? [];
    for (const report of saidOf(device, tickAt)) yield { report, at };
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

/** A device that is played: asked for what is due, again and again, it keeps no more than its place. */
export interface DeviceCursor {
  readonly device: ScenarioDevice;
  /** When the next report is sent. */
  readonly nextAt: number;
  /** What is sent at `nextAt`; it may be nothing. Goes on to the next. */
  take(): readonly SentReport[];
}

/**
 * Plays a device from its first tick at or after an instant on, in the order of sending. It gives what `deviceReports`
 * gives of any span from there on.
 */
export function createCursor(scenario: Scenario, device: ScenarioDevice, fromAt: number): DeviceCursor {
  const { everyMs } = device.instrument;
  const sendsAgain = device.faults.some(({ kind }) => kind.sendAgain !== undefined);
  let tickAt = ticksIn({ fromAt, toAt: Infinity }, everyMs);
  let tickDueAt = sendingAt(device, tickAt);
  const again = new MomentQueue<Dispatch>();
  const noteSecondSendings = (): void => {
    if (!sendsAgain) return;
    for (const { run } of secondSendingsIn(device, { fromAt: tickAt, toAt: tickAt + everyMs })) {
      for (const dispatch of run) again.push(dispatch.at, again.size, dispatch);
    }
  };
  const sent = ({ report, at }: Dispatch): SentReport => {
    return { site: device.site, device: device.id, report: toWireReport(report, scenario.time), at };
  };
  noteSecondSendings();
  return {
    device,
    get nextAt() {
      return Math.min(tickDueAt, again.nextAt);
    },
    take: () => {
      if (again.nextAt < tickDueAt)
        return [again.pop()].flatMap((dispatch) => (dispatch === undefined ? [] : sent(dispatch)));
      const at = tickDueAt;
      const said = saidOf(device, tickAt);
      tickAt += everyMs;
      tickDueAt = sendingAt(device, tickAt);
      noteSecondSendings();
      return said.map((report) => sent({ report, at }));
    },
  };
}
