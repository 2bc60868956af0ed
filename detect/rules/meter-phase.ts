/**
 * A phase has voltage and carries no current (有压无流) while another phase of the same meter is loaded; or the meter shows
 * power with no current at all.
 *
 * Innocent look-alikes: a single-phase meter, a meter that measures two phases only, a phase that was never loaded, a
 * phase whose load switches by itself (lamps, single-phase fans: its share of the largest phase varies from the first
 * hours on), a fuse that takes the voltage away as well, a motor that loses a phase and trips, standstill.
 */
import type { Subject } from '../../contracts/finding.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { meter } from './falsification.meter.ts';
import type { RuleContext } from './rule.ts';
import { usualAfter } from './usual-level.ts';

interface DarkRun {
  readonly since: number;
  lastEnd: number;
  coveredMs: number;
  /** Sums of value × time of the phase, the largest phase, the voltage (of power alone: kW). */
  amperes: number;
  largest: number;
  volts: number;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

interface PhaseHabit {
  /** A, at which it usually works. */
  usual: number;
  /** Mean of its share of the largest phase while that one is loaded, and mean squared distance from it. */
  share: number;
  spread: number;
  loadedMs: number;
  run: DarkRun | null;
}

/** Part of snapshots. */
export interface PhaseState {
  /** a, b, c. */
  phases: PhaseHabit[];
  usualKw: number;
  /** Power with no current at all. */
  bare: DarkRun | null;
}

export function initialPhaseState(): PhaseState {
  const habit = (): PhaseHabit => ({ usual: 0, share: 0, spread: 0, loadedMs: 0, run: null });
  return { phases: [habit(), habit(), habit()], usualKw: 0, bare: null };
}

/** A covered span of a meter; NaN: not told, or not valid. The same object may be used again for the next span. */
export interface PhaseSpan {
  start: number;
  end: number;
  powerKw: number;
  /** Event time of the report that made it known. */
  at: number;
  /** a, b, c. */
  readonly currents: [number, number, number];
  readonly voltages: [number, number, number];
}

export interface PhaseSubjects {
  /** By phase: the signal of its current. */
  readonly phases: readonly [Subject, Subject, Subject];
  readonly power: Subject;
}

/** A phase that has less than half of the largest voltage has lost it. */
const VOLTAGE_SHARE = 0.5;
/** Below it nothing is connected; 57.7 V is what a voltage transformer gives. */
const LEAST_VOLTS = 20;
/** A phase with less than a tenth of the largest was never loaded with it. */
const TIED_SHARE = 0.1;
/** Standard deviations of its usual share by which nothing at all is out of the ordinary. */
const TIED_DEVIATIONS = 4;
/** A found run teaches no more than this: tampering is not to become a habit, switching loads are. */
const LESSON_MS = 30 * MINUTE_MS;
const MEMORY_MS = 7 * 24 * 60 * MINUTE_MS;

function learnShare(habit: PhaseHabit, share: number, lengthMs: number): void {
  habit.loadedMs = Math.min(MEMORY_MS, habit.loadedMs + lengthMs);
  const weight = Math.min(1, lengthMs / habit.loadedMs);
  const distance = share - habit.share;
  habit.share += distance * weight;
  habit.spread += (distance * (share - habit.share) - habit.spread) * weight;
}

/** It is known to go along with the others, so that nothing on it is out of the ordinary. */
function isTied(habit: PhaseHabit, context: RuleContext): boolean {
  if (habit.loadedMs < context.parameter('phaseLearnMs') || habit.share < TIED_SHARE) return false;
  return habit.share - context.parameter('phaseShare') >= TIED_DEVIATIONS * Math.sqrt(Math.max(0, habit.spread));
}

function extend(run: DarkRun | null, span: PhaseSpan, at: readonly [number, number, number]): DarkRun {
  const length = span.end - span.start;
  const next = run ?? {
    since: span.start,
    lastEnd: span.end,
    coveredMs: 0,
    amperes: 0,
    largest: 0,
    volts: 0,
    open: null,
  };
  next.lastEnd = span.end;
  next.coveredMs += length;
  next.amperes += at[0] * length;
  next.largest += at[1] * length;
  next.volts += at[2] * length;
  return next;
}

/** Opens the run when it has lasted; says whether readers are to be told. */
function isDue(run: DarkRun, context: RuleContext, at: number): boolean {
  if (run.open !== null) return isWorthTelling(run.open.told, run.coveredMs, 'medium');
  if (run.coveredMs < context.parameter('phaseMs')) return false;
  run.open = { detectedAt: at, told: { ms: run.coveredMs, severity: 'medium' } };
  return true;
}

function emitRun(
  run: DarkRun,
  context: RuleContext,
  subject: Subject,
  at: { readonly isOver: boolean; readonly habit?: PhaseHabit },
): void {
  const { open, coveredMs } = run;
  if (open === null) return;
  const { habit } = at;
  context.emit({
    rule: meter,
    subject,
    startAt: run.since,
    endAt: at.isOver ? run.lastEnd : null,
    state: at.isOver ? 'closed' : 'open',
    detectedAt: open.detectedAt,
    severity: 'medium',
    confidence: 0.85,
    discriminator: 'phase',
    evidence: {
      kind: 'phase',
      device: subject.device,
      signal: subject.signal,
      since: context.time.format(run.since),
      minutes: coveredMs / MINUTE_MS,
      neededMinutes: context.parameter('phaseMs') / MINUTE_MS,
      ...(habit === undefined
        ? { powerKw: run.amperes / coveredMs }
        : {
            currentA: run.amperes / coveredMs,
            largestA: run.largest / coveredMs,
            voltageV: run.volts / coveredMs,
            usualShare: habit.share,
            usualCurrentA: habit.usual,
            darkShare: context.parameter('phaseShare'),
          }),
    },
  });
}

function endRun(habit: PhaseHabit, context: RuleContext, subject: Subject): void {
  const { run } = habit;
  if (run === null) return;
  emitRun(run, context, subject, { isOver: true, habit });
  habit.run = null;
  learnShare(habit, run.amperes / Math.max(run.largest, Number.MIN_VALUE), Math.min(run.coveredMs, LESSON_MS));
}

/** One phase beside the largest, which is loaded. */
function stepOne(state: PhaseState, phase: number, span: PhaseSpan, at: Judged): void {
  const habit = state.phases[phase] as PhaseHabit;
  const { context, subjects } = at;
  const { a: largestA, v: largestV } = largest;
  const amperes = span.currents[phase] as number;
  const volts = span.voltages[phase] as number;
  if (Number.isNaN(amperes)) return;
  const share = largestA === 0 ? 0 : amperes / largestA;
  const length = span.end - span.start;
  const subject = subjects.phases[phase] as Subject;
  if (share >= largest.darkShare) {
    if (habit.run !== null) endRun(habit, context, subject);
    learnShare(habit, share, length);
    return;
  }
  if (!isTied(habit, context)) {
    learnShare(habit, share, length);
    return;
  }
  if (Number.isNaN(volts)) return;
  if (volts < LEAST_VOLTS || volts < VOLTAGE_SHARE * largestV) {
    if (habit.run !== null) endRun(habit, context, subject);
    return;
  }
  habit.run = extend(habit.run, span, [amperes, largestA, volts]);
  if (isDue(habit.run, context, span.at)) emitRun(habit.run, context, subject, { isOver: false, habit });
}

interface Judged {
  readonly context: RuleContext;
  readonly subjects: PhaseSubjects;
}

/** The largest of a span's phases, and the share of it that counts as nothing; filled anew for each span. */
const largest = { phase: -1, a: 0, v: 0, told: 0, darkShare: 0 };

/** Power while every phase is told and carries nothing. */
function stepBare(state: PhaseState, span: PhaseSpan, at: Judged): void {
  const { context, subjects } = at;
  const { powerKw } = span;
  if (Number.isNaN(powerKw)) return;
  state.usualKw = usualAfter(state.usualKw, Math.abs(powerKw), span.end - span.start);
  const loaded = context.parameter('loadedShare');
  let isNothing = true;
  let hasWorked = false;
  for (let phase = 0; phase < 3; phase += 1) {
    const amperes = span.currents[phase] as number;
    const habit = state.phases[phase] as PhaseHabit;
    if (Number.isNaN(amperes)) return;
    if (amperes > largest.darkShare * habit.usual) isNothing = false;
    if (habit.loadedMs >= context.parameter('phaseLearnMs')) hasWorked = true;
  }
  if (!isNothing) {
    if (state.bare !== null) emitRun(state.bare, context, subjects.power, { isOver: true });
    state.bare = null;
    return;
  }
  // Standstill says nothing either way.
  if (!hasWorked || powerKw < loaded * state.usualKw || powerKw <= 0) return;
  state.bare = extend(state.bare, span, [powerKw, 0, 0]);
  if (isDue(state.bare, context, span.at)) emitRun(state.bare, context, subjects.power, { isOver: false });
}

/** Finds the largest phase, and learns what each usually carries. */
function measure(state: PhaseState, { start, end, currents, voltages }: PhaseSpan): void {
  largest.phase = -1;
  largest.a = 0;
  largest.v = 0;
  largest.told = 0;
  for (let phase = 0; phase < 3; phase += 1) {
    const amperes = currents[phase] as number;
    const volts = voltages[phase] as number;
    if (volts > largest.v) largest.v = volts;
    if (Number.isNaN(amperes)) continue;
    largest.told += 1;
    const habit = state.phases[phase] as PhaseHabit;
    // A run is not to be forgotten into innocence.
    if (habit.run === null) habit.usual = usualAfter(habit.usual, amperes, end - start);
    if (amperes >= largest.a) {
      largest.phase = phase;
      largest.a = amperes;
    }
  }
}

/** One covered span. What is not told neither extends nor ends; so does a meter that is not loaded. */
export function stepPhases(state: PhaseState, span: PhaseSpan, context: RuleContext, subjects: PhaseSubjects): void {
  measure(state, span);
  if (largest.told === 0) return;
  largest.darkShare = context.parameter('phaseShare');
  const at: Judged = { context, subjects };
  stepBare(state, span, at);
  if (largest.told < 2 || largest.a <= 0) return;
  if (largest.a < context.parameter('loadedShare') * (state.phases[largest.phase] as PhaseHabit).usual) return;
  for (let phase = 0; phase < 3; phase += 1) stepOne(state, phase, span, at);
}
