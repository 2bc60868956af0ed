/**
 * Machines behind a meter take more together than the meter in front of them shows.
 *
 * Innocent look-alikes: meters that are read at different moments or with different cadences (a start shows on one
 * first), errors of measurement, a large meter near standstill, a part that is silent (what is known of the others still
 * counts, as a lower bound). A generator that has no meter of its own looks the same: see the limits of the rule.
 */
import type { Subject } from '../../contracts/finding.ts';
import { MINUTE_MS } from '../../contracts/time/instant.ts';
import { isWorthTelling, type Told } from '../findings/growth.ts';
import { meter } from './falsification.meter.ts';
import type { RuleContext } from './rule.ts';
import { usualAfter } from './usual-level.ts';

/** Part of snapshots. */
export interface ChildrenState {
  since: number | null;
  lastEnd: number;
  coveredMs: number;
  /** kW × ms of the whole; of each part, and how long it was known. */
  parentKwMs: number;
  childKwMs: number[];
  childMs: number[];
  /** kW at which the whole usually works. */
  usualKw: number;
  open: { readonly detectedAt: number; readonly told: Told } | null;
}

export function initialChildrenState(): ChildrenState {
  return { since: null, lastEnd: 0, coveredMs: 0, parentKwMs: 0, childKwMs: [], childMs: [], usualKw: 0, open: null };
}

/** A span in which neither the whole nor any part changes what it says. */
export interface FamilySpan {
  readonly start: number;
  readonly end: number;
  /** kW of the whole, then of each part; undefined = unknown. */
  readonly said: readonly (number | undefined)[];
  /** Event time of the report that settled it. */
  readonly at: number;
}

export interface FamilyFacts {
  readonly subject: Subject;
  /** Parts, in the order of `said`. */
  readonly children: readonly string[];
  /** kW of the whole; undefined: its usual power stands in. */
  readonly ratedKw: number | undefined;
  /** Longest cadence among them, ms. */
  readonly slowestMs: number;
}

/** Cadences of the slowest meter for which they may disagree about a start. */
const CADENCES = 3;

function emitChildren(state: ChildrenState, facts: FamilyFacts, context: RuleContext, isOver: boolean): void {
  const { open, since } = state;
  if (open === null || since === null) return;
  const children = facts.children.flatMap((device, index) => {
    const ms = state.childMs[index] ?? 0;
    return ms === 0 ? [] : [{ device, kw: (state.childKwMs[index] ?? 0) / ms, minutes: ms / MINUTE_MS }];
  });
  const childrenKw = state.childKwMs.reduce((sum, kwMs) => sum + kwMs, 0) / state.coveredMs;
  const parentKw = state.parentKwMs / state.coveredMs;
  context.emit({
    rule: meter,
    subject: facts.subject,
    startAt: since,
    endAt: isOver ? state.lastEnd : null,
    state: isOver ? 'closed' : 'open',
    detectedAt: open.detectedAt,
    severity: 'high',
    confidence: 0.9,
    discriminator: 'children',
    evidence: {
      kind: 'children',
      device: facts.subject.device,
      since: context.time.format(since),
      minutes: state.coveredMs / MINUTE_MS,
      neededMinutes: neededMs(facts, context) / MINUTE_MS,
      parentKw,
      childrenKw,
      excessKw: childrenKw - parentKw,
      allowedShare: context.parameter('energyShare'),
      children,
      silent: facts.children.filter((_, index) => (state.childMs[index] ?? 0) === 0),
    },
  });
}

function neededMs(facts: FamilyFacts, context: RuleContext): number {
  return Math.max(context.parameter('childrenMs'), CADENCES * facts.slowestMs);
}

function clear(state: ChildrenState): void {
  state.since = null;
  state.coveredMs = 0;
  state.parentKwMs = 0;
  state.childKwMs = [];
  state.childMs = [];
  state.open = null;
}

function extend(state: ChildrenState, span: FamilySpan, parentKw: number): void {
  const ms = span.end - span.start;
  state.since ??= span.start;
  state.lastEnd = span.end;
  state.coveredMs += ms;
  state.parentKwMs += parentKw * ms;
  for (let member = 1; member < span.said.length; member += 1) {
    const kw = span.said[member];
    state.childKwMs[member - 1] = (state.childKwMs[member - 1] ?? 0) + (kw ?? 0) * ms;
    state.childMs[member - 1] = (state.childMs[member - 1] ?? 0) + (kw === undefined ? 0 : ms);
  }
}

/** One settled span of a meter and those behind it. An unknown whole neither extends nor ends. */
export function stepChildren(state: ChildrenState, span: FamilySpan, facts: FamilyFacts, context: RuleContext): void {
  const { said } = span;
  const parentKw = said[0];
  if (parentKw === undefined) return;
  state.usualKw = usualAfter(state.usualKw, Math.abs(parentKw), span.end - span.start);
  let sum = 0;
  let isComplete = true;
  for (let member = 1; member < said.length; member += 1) {
    const kw = said[member];
    if (kw === undefined) isComplete = false;
    else sum += kw;
  }
  const excess = sum - parentKw;
  const floor = context.parameter('childrenFloorShare') * (facts.ratedKw ?? state.usualKw);
  const isOver = excess > context.parameter('energyShare') * Math.max(parentKw, 0) && excess > floor;
  if (!isOver) {
    // What is silent may have taken the rest.
    if (!isComplete || state.since === null) return;
    emitChildren(state, facts, context, true);
    clear(state);
    return;
  }
  extend(state, span, parentKw);
  if (state.open === null) {
    if (state.coveredMs < neededMs(facts, context)) return;
    state.open = { detectedAt: span.at, told: { ms: state.coveredMs, severity: 'high' } };
  } else if (!isWorthTelling(state.open.told, state.coveredMs, 'high')) return;
  emitChildren(state, facts, context, false);
}
