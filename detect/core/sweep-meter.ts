/** Covered spans of a meter, with all that it tells of itself, go to the kinds of `falsification.meter`. */
import type { Reading } from '../../contracts/report-reading.ts';
import { addPower, type PowerSpan } from '../rules/energy-sum.ts';
import { meter as meterRule } from '../rules/falsification.meter.ts';
import { stepChildren } from '../rules/meter-children.ts';
import { initialPhaseState, stepPhases, type PhaseSpan } from '../rules/meter-phase.ts';
import { initialRegisterState, readRegister, type RegisterState } from '../rules/meter-register.ts';
import type { RuleContext } from '../rules/rule.ts';
import type { BoundFamily, BoundMeter } from './bound-meter.ts';
import type { BoundDevice } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import { isServiced } from './service-marks.ts';
import type { SiteStream } from './site-stream.ts';
import { say, sweep } from './timeline.ts';

/** What a span's readings say; filled anew for each, so that nothing is made for it. NaN = nothing valid. */
const span: PhaseSpan & PowerSpan & { energyKwh: number; hasCurrents: boolean; isPeriod: boolean } = {
  start: 0,
  end: 0,
  powerKw: Number.NaN,
  energyKwh: Number.NaN,
  hasCurrents: false,
  isPeriod: false,
  at: 0,
  currents: [Number.NaN, Number.NaN, Number.NaN],
  voltages: [Number.NaN, Number.NaN, Number.NaN],
};

function clearSpan(segment: Segment): void {
  span.start = segment.start;
  span.end = segment.end;
  span.powerKw = Number.NaN;
  span.energyKwh = Number.NaN;
  span.hasCurrents = false;
  span.currents.fill(Number.NaN);
  span.voltages.fill(Number.NaN);
}

function isCurrent(signal: string): boolean {
  return signal === 'current-a' || signal === 'current-b' || signal === 'current-c';
}

function isVoltage(signal: string): boolean {
  return signal === 'voltage-a' || signal === 'voltage-b' || signal === 'voltage-c';
}

const FIRST_PHASE = 'a'.charCodeAt(0);

function phaseOf(signal: string): number {
  return signal.charCodeAt(signal.length - 1) - FIRST_PHASE;
}

function readSpan(segment: Segment): void {
  clearSpan(segment);
  for (const { signal, value, flag } of segment.readings) {
    if (flag !== 'N' || typeof value !== 'number') continue;
    if (signal === 'power') span.powerKw = value;
    else if (signal === 'energy') span.energyKwh = value;
    else if (isCurrent(signal)) {
      span.currents[phaseOf(signal)] = value;
      span.hasCurrents = true;
    } else if (isVoltage(signal)) span.voltages[phaseOf(signal)] = value;
  }
}

function energyOf(readings: readonly Reading[]): number {
  for (const { signal, value, flag } of readings) {
    if (signal === 'energy' && flag === 'N' && typeof value === 'number') return value;
  }
  return Number.NaN;
}

/** Of a register value: filled anew for each. */
const reading = { kWh: 0, at: 0 };

interface Metered {
  readonly stream: SiteStream;
  readonly device: BoundDevice;
  readonly meter: BoundMeter;
}

/** Whether the register fell while somebody was declared to be at work. */
function isExchange({ stream, device }: Metered, state: RegisterState, context: RuleContext): boolean {
  const { fall } = state;
  if (fall === null) return false;
  const window = { from: fall.beforeAt, to: fall.start };
  return isServiced(stream.state, device.plan, window, context.parameter('afterMarkMs'));
}

function giveRegister(metered: Metered, state: RegisterState, context: RuleContext): void {
  const { register } = metered.meter;
  register.isServiced = isExchange(metered, state, context);
  readRegister(state, reading, context, register);
}

/** The register at the span's start, the energy over the span, the register at its end. */
function stepRegister(metered: Metered, context: RuleContext): void {
  const { device, meter } = metered;
  const { start, end, energyKwh, powerKw, isPeriod } = span;
  const endKwh = isPeriod ? energyKwh : energyOf(device.track.lastReadings);
  if (meter.rules.register === undefined && Number.isNaN(energyKwh) && Number.isNaN(endKwh)) return;
  const state = (meter.rules.register ??= initialRegisterState());
  if (!isPeriod && !Number.isNaN(energyKwh)) {
    reading.kWh = energyKwh;
    reading.at = start;
    giveRegister(metered, state, context);
  }
  if (!Number.isNaN(powerKw)) addPower(state.sum, span, powerKw);
  if (!Number.isNaN(endKwh)) {
    reading.kWh = endKwh;
    reading.at = end;
    giveRegister(metered, state, context);
  }
}

function sweepFamily(family: BoundFamily, now: number, context: RuleContext): void {
  const { state, facts, members } = family;
  sweep(state.timeline, now, members, (start, end, said) => {
    stepChildren(state.children, { start, end, said, at: now }, facts, context);
  });
}

export function stepMeter(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  const { meter } = device;
  if (meter === undefined) return;
  const context = stream.scribe.context(meterRule);
  const at = stream.state.place.at;
  readSpan(segment);
  span.isPeriod = device.track.lastTs === null;
  stepRegister({ stream, device, meter }, context);
  if (span.hasCurrents) {
    span.at = at;
    stepPhases((meter.rules.phases ??= initialPhaseState()), span, context, meter.phases);
  }
  for (const { family, member } of meter.families) {
    say(family.state.timeline, member, segment, Number.isNaN(span.powerKw) ? undefined : span.powerKw);
    sweepFamily(family, at, context);
  }
}
