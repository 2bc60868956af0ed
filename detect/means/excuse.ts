/**
 * Which hours a declared state excuses, within its budget: 15 minutes of the hour, declared within an hour of its
 * beginning or accepted, each time no longer than `each`, in a calendar year no more than `year` (contract 4).
 */
import { EXCUSING_STATES, type ExcuseBudget, type ExcusingState } from '../../contracts/registry/registry.ts';
import { HOUR_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import { coveredMs, isHonoured, type MarkSpan } from '../core/mark-book.ts';

/** Marked time of the running calendar year by state, in ms. Part of snapshots. */
export interface ExcuseSpending {
  yearStart: number | null;
  spentMs: Partial<Record<ExcusingState, number>>;
}

export interface Excuse {
  readonly state: ExcusingState;
  readonly by: string;
  readonly declaredAt: number;
  readonly from: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

type Budgets = Readonly<Record<ExcusingState, ExcuseBudget>>;

const NEEDED_MS = 15 * MINUTE_MS;

export function initialSpending(): ExcuseSpending {
  return { yearStart: null, spentMs: {} };
}

/** The part of a mark that its budget of one time covers; a state declared again without a break is one time. */
function withinEach(mark: MarkSpan, eachMs: number): Span {
  return { from: mark.from, to: Math.min(mark.to, mark.since + eachMs) };
}

/** The mark that says most about the period: who is named beside the exceedance. */
function longestOf(marks: readonly MarkSpan[], period: Span, eachMs: number): MarkSpan | undefined {
  let longest: MarkSpan | undefined;
  let most = 0;
  for (const mark of marks) {
    const covered = coveredMs([withinEach(mark, eachMs)], period.from, period.to);
    if (covered > most) {
      most = covered;
      longest = mark;
    }
  }
  return longest;
}

/** Whether the marks of one state cover enough of the period while `leftMs` of the year's budget is left. */
function excuseBy(
  state: ExcusingState,
  marks: readonly MarkSpan[],
  period: Span,
  at: { eachMs: number; leftMs: number; neededMs: number },
): Excuse | null {
  const spans = marks.map((mark) => withinEach(mark, at.eachMs));
  if (Math.min(coveredMs(spans, period.from, period.to), at.leftMs) < at.neededMs) return null;
  const mark = longestOf(marks, period, at.eachMs);
  return mark === undefined ? null : { state, by: mark.by, declaredAt: mark.declaredAt, from: mark.from };
}

function honoured(spans: readonly MarkSpan[], state: ExcusingState): MarkSpan[] {
  return spans.filter((span) => span.state === state && isHonoured(span));
}

/**
 * Spends the marked time of one hour and says what excuses the hour, if anything does.
 * Hours are given in order, each once.
 */
export function excuseHour(
  spending: ExcuseSpending,
  hour: { readonly start: number; readonly yearStart: number },
  spans: readonly MarkSpan[],
  budget: Budgets,
): Excuse | null {
  if (spending.yearStart !== hour.yearStart) {
    spending.yearStart = hour.yearStart;
    spending.spentMs = {};
  }
  if (spans.length === 0) return null;
  const period = { from: hour.start, to: hour.start + HOUR_MS };
  let excuse: Excuse | null = null;
  for (const state of EXCUSING_STATES) {
    const marks = honoured(spans, state);
    if (marks.length === 0) continue;
    const { eachMs, yearMs } = budget[state];
    const spent = spending.spentMs[state] ?? 0;
    excuse ??= excuseBy(state, marks, period, { eachMs, leftMs: yearMs - spent, neededMs: NEEDED_MS });
    spending.spentMs[state] = spent + coveredMs(marks, period.from, period.to);
  }
  return excuse;
}

/**
 * What excuses a period shorter than an hour: a state that covers a quarter of it, in time and within its budget.
 * Spends nothing: the hour it lies in does, once it ends.
 * @param spans of the hour up to the period's end
 */
export function excuseShortPeriod(
  spending: ExcuseSpending,
  period: { readonly start: number; readonly end: number; readonly hourStart: number; readonly yearStart: number },
  spans: readonly MarkSpan[],
  budget: Budgets,
): Excuse | null {
  for (const state of EXCUSING_STATES) {
    const marks = honoured(spans, state);
    if (marks.length === 0) continue;
    const { eachMs, yearMs } = budget[state];
    const before = spending.yearStart === period.yearStart ? (spending.spentMs[state] ?? 0) : 0;
    const leftMs = yearMs - before - coveredMs(marks, period.hourStart, period.start);
    const neededMs = 0.25 * (period.end - period.start);
    const excuse = excuseBy(state, marks, { from: period.start, to: period.end }, { eachMs, leftMs, neededMs });
    if (excuse !== null) return excuse;
  }
  return null;
}

/**
 * What excuses an hour that is still running, if it goes on as declared now. Spends nothing.
 * @param spans of the whole hour, as far as they are declared
 */
export function excuseRunningHour(
  spending: ExcuseSpending,
  hour: { readonly start: number; readonly yearStart: number },
  spans: readonly MarkSpan[],
  budget: Budgets,
): Excuse | null {
  const period = { from: hour.start, to: hour.start + HOUR_MS };
  for (const state of EXCUSING_STATES) {
    const marks = honoured(spans, state);
    if (marks.length === 0) continue;
    const { eachMs, yearMs } = budget[state];
    const spent = spending.yearStart === hour.yearStart ? (spending.spentMs[state] ?? 0) : 0;
    const excuse = excuseBy(state, marks, period, { eachMs, leftMs: yearMs - spent, neededMs: NEEDED_MS });
    if (excuse !== null) return excuse;
  }
  return null;
}
