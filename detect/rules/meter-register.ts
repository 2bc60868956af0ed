/**
 * A meter's register (表码) does not grow as its power says, hour after hour, or it runs backwards.
 *
 * Innocent look-alikes: a load that swings faster than it is sampled (only more than its own swing counts), a register
 * in coarse steps or read late by the gateway (compared from one change to the next), gaps in the power (they may have
 * held anything up to the peak), standby of a large meter, regained energy, a restart that shows one wrong register, a
 * declared exchange, a register that rolls over.
 */
import type { Subject } from '../../contracts/finding.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { beginHour, initialEnergySum, swingKwh, type EnergySum } from './energy-sum.ts';
import { meter } from './falsification.meter.ts';
import type { RegisterFall } from './register-fall.ts';
import { emitFall, initialStep, refineStep, rollsOver, stepFall, type RegisterReading } from './register-fall.ts';
import type { RuleContext } from './rule.ts';

/** Energy between changes of the register, gathered until a clock hour is full. */
interface Bucket {
  readonly start: number;
  /** End of the clock hour in which it began. */
  readonly hourEnd: number;
  end: number;
  growthKwh: number;
  powerKwh: number;
  coveredMs: number;
}

/** Hours in a row that are off in the same direction. */
interface Mismatch {
  readonly start: number;
  end: number;
  readonly direction: number;
  growthKwh: number;
  powerKwh: number;
  coveredMs: number;
  hours: number;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

/** Part of snapshots. */
export interface RegisterState {
  /** Register and instant from which energy is summed; null before the first. */
  kWh: number | null;
  at: number;
  /** The value before this one. */
  earlierKwh: number | null;
  sum: EnergySum;
  /** Greatest common step of the values seen, in thousandths of a kWh. */
  step: number;
  bucket: Bucket | null;
  mismatch: Mismatch | null;
  fall: RegisterFall | null;
}

export function initialRegisterState(): RegisterState {
  return {
    kWh: null,
    at: 0,
    earlierKwh: null,
    sum: initialEnergySum(),
    step: initialStep(),
    bucket: null,
    mismatch: null,
    fall: null,
  };
}

export interface RegisterFacts {
  readonly subject: Subject;
  readonly ctRatio: number | undefined;
  /** Somebody was declared to be at work when the register fell. */
  isServiced: boolean;
}

/** Share of an hour that has to be covered by both: 55 of 60 minutes. */
const COVERED_SHARE = 55 / 60;
/** Standard deviations of the integral within which a difference is the sampling's. */
const SWING_DEVIATIONS = 3;
/** A mean this far below the usual is standby, where neither value is exact. */
const STANDBY_SHARE = 0.02;

/** Energy sums begin anew at this register value. */
function rebase(state: RegisterState, kWh: number, at: number): void {
  state.earlierKwh = state.kWh;
  state.kWh = kWh;
  state.at = at;
  state.sum.powerKwh = 0;
  state.sum.coveredMs = 0;
}

function clearHour(state: RegisterState): void {
  state.bucket = null;
  beginHour(state.sum);
}

/** kWh by which power and register may differ: steps, sampling of a swinging load, minutes without power. */
function toleranceKwh(state: RegisterState, bucket: Bucket, context: RuleContext): number {
  const { sum } = state;
  const least = Math.max(context.parameter('energyKwh'), (2 * state.step) / 1_000);
  const share = context.parameter('energyShare') * Math.max(bucket.growthKwh, bucket.powerKwh);
  const unknown = (bucket.end - bucket.start - bucket.coveredMs) * Math.max(sum.peakKw, sum.usualKw);
  return Math.max(least, share) + SWING_DEVIATIONS * swingKwh(sum) + Math.max(0, unknown / HOUR_MS);
}

/** −1 register behind, 1 register ahead, 0 they agree; undefined where the hour cannot be judged. */
function directionOf(state: RegisterState, bucket: Bucket, context: RuleContext): number | undefined {
  const lengthMs = bucket.end - bucket.start;
  if (lengthMs < COVERED_SHARE * HOUR_MS || bucket.coveredMs < COVERED_SHARE * lengthMs) return undefined;
  if (state.sum.isRegained) return undefined;
  const larger = Math.max(bucket.growthKwh, bucket.powerKwh);
  if (larger < (STANDBY_SHARE * state.sum.usualKw * lengthMs) / HOUR_MS) return undefined;
  const difference = bucket.growthKwh - bucket.powerKwh;
  if (Math.abs(difference) <= toleranceKwh(state, bucket, context)) return 0;
  return difference > 0 ? 1 : -1;
}

function emitMismatch(mismatch: Mismatch, context: RuleContext, subject: Subject, isOver: boolean): void {
  const { open } = mismatch;
  if (open === null) return;
  const { growthKwh, powerKwh } = mismatch;
  context.emit({
    rule: meter,
    subject,
    startAt: mismatch.start,
    endAt: isOver ? mismatch.end : null,
    state: isOver ? 'closed' : 'open',
    detectedAt: open.detectedAt,
    severity: 'high',
    confidence: 0.95,
    discriminator: 'register',
    evidence: {
      kind: 'register',
      form: 'mismatch',
      device: subject.device,
      since: context.time.format(mismatch.start),
      hours: mismatch.hours,
      minutes: mismatch.coveredMs / MINUTE_MS,
      registerKwh: growthKwh,
      powerKwh,
      seenShare: Math.min(growthKwh, powerKwh) / Math.max(growthKwh, powerKwh),
      allowedShare: context.parameter('energyShare'),
      neededHours: context.parameter('registerHours'),
    },
  });
}

interface View {
  readonly context: RuleContext;
  readonly subject: Subject;
}

function endMismatch(state: RegisterState, context: RuleContext, subject: Subject): void {
  if (state.mismatch !== null) emitMismatch(state.mismatch, context, subject, true);
  state.mismatch = null;
}

function judgeHour(state: RegisterState, bucket: Bucket, at: number, view: View): void {
  const { context, subject } = view;
  const direction = directionOf(state, bucket, context);
  if (direction === undefined) return;
  if (state.mismatch !== null && state.mismatch.direction !== direction) endMismatch(state, context, subject);
  if (direction === 0) return;
  const mismatch = (state.mismatch ??= {
    start: bucket.start,
    end: bucket.end,
    direction,
    growthKwh: 0,
    powerKwh: 0,
    coveredMs: 0,
    hours: 0,
    open: null,
  });
  mismatch.end = bucket.end;
  mismatch.growthKwh += bucket.growthKwh;
  mismatch.powerKwh += bucket.powerKwh;
  mismatch.coveredMs += bucket.coveredMs;
  mismatch.hours += 1;
  if (mismatch.open === null) {
    if (mismatch.hours < context.parameter('registerHours')) return;
    mismatch.open = { detectedAt: at, told: { ms: mismatch.coveredMs, severity: 'high' } };
  } else if (!isWorthTelling(mismatch.open.told, mismatch.coveredMs, 'high')) return;
  emitMismatch(mismatch, context, subject, false);
}

/** The register moved, or an hour has passed without: what was gathered since the last time goes into the hour. */
function closePiece(state: RegisterState, kWh: number, at: number, view: View): void {
  const bucket = (state.bucket ??= {
    start: state.at,
    hourEnd: view.context.time.hourStart(state.at) + HOUR_MS,
    end: at,
    growthKwh: 0,
    powerKwh: 0,
    coveredMs: 0,
  });
  bucket.end = at;
  bucket.growthKwh += kWh - (state.kWh as number);
  bucket.powerKwh += state.sum.powerKwh;
  bucket.coveredMs += state.sum.coveredMs;
  rebase(state, kWh, at);
  if (at < bucket.hourEnd) return;
  judgeHour(state, bucket, at, view);
  clearHour(state);
}

/** The register shows less: it rolled over, the value before was misread, or it fell, which the next value confirms. */
function noteDrop(state: RegisterState, reading: RegisterReading, ctRatio: number | undefined): void {
  const { kWh, at } = reading;
  const before = state.kWh as number;
  const isMisread = state.earlierKwh !== null && state.earlierKwh < before && kWh >= state.earlierKwh;
  if (isMisread || rollsOver(before, kWh, ctRatio)) rebase(state, kWh, at);
  else state.fall = { beforeKwh: before, beforeAt: state.at, start: at, lastKwh: kWh, lastAt: at, open: null };
}

/** A valid register value at its instant, in order of time. */
export function readRegister(
  state: RegisterState,
  reading: RegisterReading,
  context: RuleContext,
  facts: Readonly<RegisterFacts>,
): void {
  const { kWh, at } = reading;
  // A value may be given twice: at the end of one span, and at the beginning of the next.
  if (state.kWh !== null && at <= (state.fall?.lastAt ?? state.at)) return;
  state.step = refineStep(state.step, kWh);
  if (state.kWh === null) {
    rebase(state, kWh, at);
    return;
  }
  if (state.fall !== null) {
    const outcome = stepFall(state.fall, reading, state.step, facts.isServiced);
    emitFall(state.fall, outcome, context, facts.subject);
    if (outcome === 'falling') return;
    state.fall = null;
    rebase(state, kWh, at);
    clearHour(state);
    return;
  }
  const leastKwh = Math.max(context.parameter('energyKwh'), (2 * state.step) / 1_000);
  if (kWh < state.kWh - leastKwh) {
    noteDrop(state, reading, facts.ctRatio);
    clearHour(state);
    return;
  }
  if (kWh !== state.kWh || at - state.at >= HOUR_MS) closePiece(state, kWh, at, { context, subject: facts.subject });
}
