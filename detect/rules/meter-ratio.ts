/**
 * The transformer ratio (互感器变比) that a meter tells was changed with nobody at work on it, or is not the registered one.
 *
 * Innocent look-alikes: an exchange of transformers that is declared and brought into the registry, a ratio written as
 * 1000/5, the same number told again each day.
 */
import type { Subject } from '../../contracts/finding.ts';
import { isSameSetting, type Setting } from './falsification.parameter.ts';
import { meter } from './falsification.meter.ts';
import type { RuleContext } from './rule.ts';

/** Part of snapshots. */
export interface RatioState {
  /** As told last. */
  value: number | null;
  /** The last one that needs no explanation. */
  explained: number | null;
  open: RatioDeviation | null;
}

interface RatioDeviation {
  readonly start: number;
  readonly detectedAt: number;
  /** null: the first that was told. */
  readonly before: number | null;
  readonly after: number;
  readonly registered: number | null;
  readonly marked: boolean;
}

export function initialRatioState(): RatioState {
  return { value: null, explained: null, open: null };
}

export interface RatioInput {
  readonly told: Setting;
  readonly ts: number;
  readonly endAt: number;
  readonly registered: number | undefined;
  /** Whether somebody was declared to be at work on the meter. */
  readonly isExplained: () => boolean;
}

/** `200`, "200", "1000/5" or "1000:5" as a number; undefined where it is none. */
export function readRatio(told: Setting): number | undefined {
  const [primary = Number.NaN, secondary = 1, ...more] =
    typeof told === 'number'
      ? [told]
      : told.split(/[/:]/).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const ratio = more.length === 0 ? primary / secondary : Number.NaN;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined;
}

function emitRatio(deviation: RatioDeviation, subject: Subject, context: RuleContext, end: number | null): void {
  const reference = deviation.registered ?? deviation.before;
  context.emit({
    rule: meter,
    subject,
    startAt: deviation.start,
    endAt: end,
    state: end === null ? 'open' : 'closed',
    detectedAt: deviation.detectedAt,
    severity: 'high',
    confidence: 0.95,
    discriminator: 'ratio',
    evidence: {
      kind: 'ratio',
      device: subject.device,
      since: context.time.format(deviation.start),
      before: deviation.before,
      after: deviation.after,
      registered: deviation.registered,
      marked: deviation.marked,
      seenShare: reference === null ? null : deviation.after / reference,
    },
  });
}

/** Without a registered ratio the last one that was explained is the measure. */
function deviates(state: RatioState, after: number, registered: number | undefined, marked: boolean): boolean {
  if (registered !== undefined) return !isSameSetting(registered, after);
  return !marked && state.explained !== null && !isSameSetting(state.explained, after);
}

/** The ratio of one report, in stream order. What is no ratio at all changes nothing. */
export function stepRatio(state: RatioState, input: RatioInput, subject: Subject, context: RuleContext): void {
  const after = readRatio(input.told);
  if (after === undefined) return;
  const { registered, ts, endAt } = input;
  const before = state.value;
  const isNew = before === null || !isSameSetting(before, after);
  const marked = isNew && input.isExplained();
  const isWrong = deviates(state, after, registered, marked);
  if (state.open !== null) {
    if (!isNew && isWrong) return;
    emitRatio(state.open, subject, context, ts);
    state.open = null;
  }
  state.value = after;
  if (!isWrong) {
    state.explained = after;
    return;
  }
  const told = isNew ? before : null;
  state.open = { start: ts, detectedAt: endAt, before: told, after, registered: registered ?? null, marked };
  emitRatio(state.open, subject, context, null);
}
